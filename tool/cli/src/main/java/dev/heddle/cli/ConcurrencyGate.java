package dev.heddle.cli;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The gate in front of new jobs: at most so many in all, at most so many of one host.
 *
 * <p>A job of a busy host waits in that host's queue and takes no place, so one slow host does not hold up the others.
 * Hosts that have waiting jobs take turns. A host is forgotten when it has neither running nor waiting jobs.
 *
 * <p>Threads: the tasks of one loop.
 */
final class ConcurrencyGate {

    /** How many jobs may wait for their hosts before {@link #hasRoom()} says no. */
    static final int MAX_WAITING = 65_536;

    private final int total;
    private final int perHost;
    private final Map<String, Host> hosts = new HashMap<>();

    /** Hosts with waiting jobs and room for one of them. */
    private final ArrayDeque<Host> runnable = new ArrayDeque<>();

    private int running;
    private int waiting;
    private boolean stopped;

    private static final class Host {
        final ArrayDeque<Runnable> jobs = new ArrayDeque<>(0);
        int running;
        boolean listed;
    }

    ConcurrencyGate(int total, int perHost) {
        this.total = total;
        this.perHost = perHost;
    }

    /** Whether one more job would be of use: there is a free place and the queues are not full. */
    boolean hasRoom() {
        return running < total && waiting < MAX_WAITING;
    }

    /** Most jobs at once. */
    int total() {
        return total;
    }

    /** The jobs that have started and not ended. */
    int running() {
        return running;
    }

    /** Starts the job now, or later when its host has room. It must call {@link #ended} with the same host. */
    void submit(String hostName, Runnable job) {
        Host host = hosts.computeIfAbsent(hostName, name -> new Host());
        host.jobs.add(job);
        waiting++;
        list(host);
        startAll();
    }

    /** A job of this host has ended; its place goes to the next one. */
    void ended(String hostName) {
        running--;
        Host host = hosts.get(hostName);
        if (host != null) {
            host.running--;
            if (host.running == 0 && host.jobs.isEmpty()) {
                hosts.remove(hostName);
            } else {
                list(host);
            }
        }
        startAll();
    }

    /** Starts nothing more; what waits is dropped. */
    void stop() {
        stopped = true;
        runnable.clear();
        waiting = 0;
    }

    private void list(Host host) {
        if (!host.listed && host.running < perHost && !host.jobs.isEmpty()) {
            host.listed = true;
            runnable.add(host);
        }
    }

    private void startAll() {
        while (running < total && !stopped) {
            Host host = runnable.poll();
            Runnable job = host == null ? null : take(host);
            if (job == null) {
                return;
            }
            job.run();
        }
    }

    private @Nullable Runnable take(Host host) {
        host.listed = false;
        Runnable job = host.jobs.poll();
        if (job != null) {
            waiting--;
            host.running++;
            running++;
            list(host);
        }
        return job;
    }

    @Override
    public String toString() {
        return "Gate[running " + running + " of " + total + ", waiting " + waiting + ", hosts " + hosts.size() + "]";
    }
}
