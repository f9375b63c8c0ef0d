"""The look of the page; dark colours are scoped to the application so that overlays keep theirs."""

CSS = """
.page { max-width: 1800px; margin: 0 auto; padding: 12px; font-size: 14px; }
.page h1 { font-size: 1.35rem; margin: 0; } .page h2 { font-size: 1.05rem; margin: 0; }
.page h3 { font-size: .95rem; margin: 14px 0 2px; }
.page p { margin: 2px 0; } .page .note { font-size: .82rem; opacity: .8; }
.head { display: flex; flex-wrap: wrap; gap: 4px 16px; align-items: center; }
.head p { flex: 1; min-width: 200px; }
.presets { display: flex; gap: 8px; flex-wrap: wrap; padding: 8px 0 4px; }
.body { display: grid; grid-template-columns: 300px minmax(0, 1fr); gap: 12px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; }
.charts { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 12px; }
.card-map { overflow-x: auto; } .card-map [role=img] { min-width: 520px; }
.main { display: grid; gap: 12px; align-content: start; min-width: 0; }
.card { background: #fff; border: 1px solid #dcdfe6; border-radius: 10px; padding: 12px; min-width: 0; }
.theme--dark .page .card, .v-application.theme--dark .card { background: #1e1e22; border-color: #3a3a42; }
.tile b { font-size: 1.6rem; display: block; }
.sentence { background: #eef4f1; border-radius: 10px; padding: 10px 12px; }
.v-application.theme--dark .sentence { background: #20302a; }
.lever { border-top: 1px solid rgba(128,128,128,.3); padding: 6px 0; }
.lever-head { display: flex; justify-content: space-between; gap: 8px; }
.lever.moved b { color: #00784f; } .v-application.theme--dark .lever.moved b { color: #4cc3a2; }
.error-line { border: 2px solid #b3261e; border-radius: 10px; padding: 10px 12px; }
.settings { margin-top: 16px; }
details { font-size: .82rem; margin-top: 4px; } summary { cursor: pointer; }
@media (max-width: 1200px) { .charts { grid-template-columns: minmax(0, 1fr); } }
@media (max-width: 900px) {
  .body { grid-template-columns: minmax(0, 1fr); } .levers { order: 2; }
}
"""
