package dev.heddle.sim;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Tasks that do not run for a time though they could, as if the system had taken their core or their whole machine away. What a
 * stalled task waited for may happen meanwhile: it finds out late. Below the tasks.
 */
final class Stalls {

    /** The number of all callbacks, which cannot be told apart; they never stall. */
    private static final long CALLBACK = 0;

    private final World world;
    private final SimRandom random;
    private final Map<Long, SimHost> hosts = new HashMap<>();
    private final Map<Long, Long> byHand = new HashMap<>();
    private final Map<SimHost, Spells> spells = new HashMap<>();
    private final Set<Kept> kept = new LinkedHashSet<>();
    private boolean over;

    Stalls(World world, SimRandom random) {
        this.world = world;
        this.random = random;
    }

    /** A task was spawned by code that runs on a host. */
    void spawned(long task, SimHost host) {
        if (!host.isLocalhost()) {
            hosts.put(task, host);
        }
    }

    void ended(long task) {
        hosts.remove(task);
        byHand.remove(task);
    }

    /** Lets a task not run until a delay from now has passed. */
    void stall(long task, long nanos) {
        byHand.put(task, world.clock.after(nanos));
        recheck();
    }

    /** Whether a task must not run now; if so, it is resumed later. */
    boolean keepsBack(long task, Runnable resume) {
        if (over || task == CALLBACK) {
            return false;
        }
        long now = world.clock.elapsedNanos();
        long until = Math.max(byHand.getOrDefault(task, now), Math.max(host(task, now), drawn(now)));
        if (until <= now) {
            return false;
        }
        world.trace.stall(task, until - now);
        kept.add(new Kept(resume, until));
        return true;
    }

    /** Lets all go on and none stall from now on: the program under test has ended. */
    void end() {
        over = true;
        recheck();
    }

    /** A stall has become shorter or longer: who is kept back is asked again. */
    void recheck() {
        List<Kept> all = List.copyOf(kept);
        kept.clear();
        all.forEach(Kept::resumeNow);
    }

    private long host(long task, long now) {
        SimHost host = hosts.get(task);
        if (host == null) {
            return now;
        }
        return Math.max(host.stalledUntilNanos(), spells.computeIfAbsent(host, unseen -> spells()).end(now));
    }

    private Spells spells() {
        return new Spells(random.split(), () -> world.faults.hostStallEvery(), () -> world.faults.hostStallFor());
    }

    private long drawn(long now) {
        Duration longest = world.faults.stallFor();
        return world.faults.stallChance() > 0 && random.chance(world.faults.stallChance())
                ? world.clock.after(random.upToNanos(longest.toNanos()))
                : now;
    }

    /** Something that is ready and must wait. */
    private final class Kept {

        private final Runnable resume;
        private final EventQueue.Event end;

        private Kept(Runnable resume, long untilNanos) {
            this.resume = resume;
            end = world.events.add(untilNanos, this::resumeAtEnd);
        }

        private void resumeAtEnd() {
            kept.remove(this);
            resume.run();
        }

        private void resumeNow() {
            end.cancel();
            resume.run();
        }
    }
}
