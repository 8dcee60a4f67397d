package dev.heddle.cli.bench;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.group;
import static dev.heddle.Heddle.sleep;

import dev.heddle.CancelledException;
import dev.heddle.Loop;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * A load of requests over a number of connections, each from a task of its own, at a pace that they share.
 *
 * <p>A request that has begun is waited for, also after the end: the slow ones are those that matter. When as many
 * requests as there are connections have failed and none was answered, nobody is there, and the load ends.
 *
 * <p>Threads: the tasks of one loop.
 */
final class Load {

    /**
     * How long a connection that failed waits before the next try, so that a server that is gone costs no processor.
     */
    static final Duration PAUSE = Duration.ofMillis(10);

    private final int connections;
    private final LoadSchedule pace;
    private final long endNanos;
    private final BenchTally tally;

    /**
     * @param endNanos the end of the time that is measured
     */
    Load(int connections, LoadSchedule pace, long endNanos, BenchTally tally) {
        this.connections = connections;
        this.pace = pace;
        this.endNanos = endNanos;
        this.tally = tally;
    }

    /**
     * Sends all.
     *
     * <p>Cancellation: a cancelled call has counted what has ended.
     */
    void run(Supplier<LoadRequest> shots) {
        group(tasks -> {
            for (int i = 0; i < connections; i++) {
                LoadRequest shot = shots.get();
                tasks.spawn("connection " + i, () -> fireAll(shot));
            }
        });
        tally.missed(isHopeless() ? 0 : pace.missed());
    }

    /** Whether nothing has ever answered. */
    boolean isHopeless() {
        return tally.replies() == 0 && tally.failed() >= connections;
    }

    private void fireAll(LoadRequest shot) {
        Loop loop = currentLoop();
        for (long due = pace.next(loop.nanoTime()); due != LoadSchedule.END && !isHopeless(); due = pace
                .next(loop.nanoTime())) {
            long early = due - loop.nanoTime();
            if (early > 0) {
                sleep(Duration.ofNanos(early));
            }
            if (!fire(shot, due, loop) && pace instanceof LoadSchedule.Closed) {
                sleep(PAUSE);
            }
        }
    }

    private boolean fire(LoadRequest shot, long due, Loop loop) {
        try {
            int status = shot.fire();
            long now = loop.nanoTime();
            tally.reply(status, shot.bytes(), now - due, now - endNanos <= 0);
            return true;
        } catch (CancelledException e) {
            throw e;
        } catch (RuntimeException e) {
            tally.failure(shot.reason(e), shot.bytes());
            return false;
        }
    }
}
