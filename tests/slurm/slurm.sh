#!/usr/bin/env bash
# A real Slurm on one machine, for tests: nodes of one processor each, on the loopback interface, without systemd or cgroups.
#   slurm.sh start FOLDER NODES     installs Slurm from Debian if it is not there, starts it, waits until all nodes are idle
#   slurm.sh stop FOLDER
# Afterwards, with SLURM_CONF=FOLDER/slurm.conf, sbatch, squeue and scancel talk to it.
set -euo pipefail
action=$1 folder=$2 nodes=${3:-2}
host=$(hostname -s)

if [ "$action" = stop ]; then
  for file in "$folder"/run/*.pid; do
    if [ -f "$file" ]; then kill "$(cat "$file")" 2>/dev/null || true; fi
  done
  exit 0
fi

if ! command -v slurmctld >/dev/null || ! command -v slurmd >/dev/null || ! command -v munged >/dev/null; then
  apt-get update -qq
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    -o DPkg::Lock::Timeout=300 slurmctld slurmd slurm-client munge >/dev/null
fi

mkdir -p "$folder"/{run,state,log,spool}
# A munge daemon with a key and a socket of its own: one of the system is left alone.
(umask 077 && head -c 128 /dev/urandom > "$folder/munge.key")
chmod 755 "$folder/run"
munged --force --key-file="$folder/munge.key" --socket="$folder/run/munge.sock" \
  --pid-file="$folder/run/munged.pid" --log-file="$folder/log/munged.log" --seed-file="$folder/munge.seed"

memory=$(awk -v nodes="$nodes" '/MemTotal/ { print int($2 / 1024 * 0.8 / nodes) }' /proc/meminfo)
{
  cat <<CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=16817
AuthType=auth/munge
AuthInfo=socket=$folder/run/munge.sock
CredType=cred/munge
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
SlurmctldPidFile=$folder/run/slurmctld.pid
SlurmdPidFile=$folder/run/slurmd.%n.pid
SlurmctldLogFile=$folder/log/slurmctld.log
SlurmdLogFile=$folder/log/slurmd.%n.log
StateSaveLocation=$folder/state
SlurmdSpoolDir=$folder/spool/%n
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=batch_sched_delay=0,sched_min_interval=100000,bf_interval=5
SlurmdParameters=config_overrides
ReturnToService=2
SlurmdTimeout=30
KillWait=5
CONF
  for ((i = 1; i <= nodes; i++)); do
    echo "NodeName=n$i NodeHostname=$host NodeAddr=127.0.0.1 Port=$((16900 + i)) CPUs=1 RealMemory=$memory State=UNKNOWN"
  done
  echo "PartitionName=main Nodes=n[1-$nodes] Default=YES MaxTime=INFINITE State=UP"
} > "$folder/slurm.conf"
echo "CgroupAutomount=no" > "$folder/cgroup.conf"

export SLURM_CONF=$folder/slurm.conf
slurmctld -f "$SLURM_CONF"
for ((i = 1; i <= nodes; i++)); do
  mkdir -p "$folder/spool/n$i"
  slurmd -N "n$i" -f "$SLURM_CONF"
done
for ((try = 0; try < 200; try++)); do
  if [ "$(sinfo --noheader --Node --format %T 2>/dev/null | grep -cx idle)" = "$nodes" ]; then exit 0; fi
  sleep 0.1
done
tail -n 20 "$folder"/log/*.log >&2
exit 1
