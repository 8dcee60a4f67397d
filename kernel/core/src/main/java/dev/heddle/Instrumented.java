package dev.heddle;

import dev.heddle.internal.sight.TaskWatch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The instruments of a loop, of which one that throws is taken off. There is none while nobody watches, so that a loop
 * has one field to look at. Loop's thread only, but where it is said.
 */
final class Instrumented {

    private static final Call<Instrument> SPAWNED = (told, task, label) -> told.spawned(task);
    private static final Call<Instrument> RESUMED = (told, task, label) -> told.resumed(task);
    private static final Call<Instrument> SUSPENDED = (told, task, label) -> told.suspended(task);
    private static final Call<Instrument> ENDED = (told, task, label) -> told.ended(task);
    private static final Call<TaskWatch> READY_HERE = (watch, task, label) -> watch.ready(task, true);
    private static final Call<TaskWatch> READY_ELSEWHERE = (watch, task, label) -> watch.ready(task, false);
    private static final Call<TaskWatch> LABELLED = TaskWatch::labelled;

    private final Loop loop;
    private final Instrument[] instruments;

    Instrumented(Loop loop, Instrument... instruments) {
        this.loop = loop;
        this.instruments = instruments;
    }

    /** Links the calls above, off the loop: it takes milliseconds, in which a loop would stand still. */
    static void prepare() {}

    Instrumented with(Instrument added) {
        List<Instrument> all = new ArrayList<>(List.of(instruments));
        all.add(added);
        return new Instrumented(loop, all.toArray(Instrument[]::new));
    }

    /** Null if nobody is left. */
    @Nullable Instrumented without(Instrument removed) {
        List<Instrument> all = new ArrayList<>(List.of(instruments));
        all.removeIf(each -> each == removed);
        return all.isEmpty() ? null : new Instrumented(loop, all.toArray(Instrument[]::new));
    }

    void spawned(Task<?> task) {
        tell(SPAWNED, task, null);
    }

    void resumed(Task<?> task) {
        tell(RESUMED, task, null);
    }

    void suspended(Task<?> task) {
        tell(SUSPENDED, task, null);
    }

    void ended(Task<?> task) {
        tell(ENDED, task, null);
    }

    /** A task has become ready; any thread. */
    void ready(Task<?> task) {
        if (loop.scheduler.isHere()) {
            tellWatches(READY_HERE, task, null);
        } else {
            tellWatches(READY_ELSEWHERE, task, null);
        }
    }

    void labelled(Task<?> task, @Nullable String label) {
        tellWatches(LABELLED, task, label);
    }

    /** An offloaded body goes on, or stops; the thread that carries it. */
    void offloaded(Task<?> task, Thread body, boolean runs) {
        tellWatches((watch, its, label) -> watch.offloaded(its, body, runs), task, null);
    }

    /** A callback of the loop has run. */
    void calledBack() {
        for (Instrument instrument : instruments) {
            if (instrument instanceof TaskWatch watch) {
                try {
                    watch.calledBack();
                } catch (Throwable e) {
                    takeOff(watch, e);
                }
            }
        }
    }

    private interface Call<T> {
        void make(T told, Task<?> task, @Nullable String label);
    }

    private void tell(Call<Instrument> call, Task<?> task, @Nullable String label) {
        for (Instrument instrument : instruments) {
            tell(call, instrument, task, label);
        }
    }

    private void tellWatches(Call<TaskWatch> call, Task<?> task, @Nullable String label) {
        for (Instrument instrument : instruments) {
            if (instrument instanceof TaskWatch watch) {
                tell(call, watch, task, label);
            }
        }
    }

    private <T extends Instrument> void tell(Call<T> call, T told, Task<?> task, @Nullable String label) {
        try {
            call.make(told, task, label);
        } catch (Throwable e) {
            takeOff(told, e);
        }
    }

    private void takeOff(Instrument failed, Throwable failure) {
        loop.scheduler.inLoop(() -> loop.removeInstrument(failed));
        String what = "an instrument of " + loop.name() + " failed and was taken off";
        loop.scheduler.schedule(new LoopCallback(loop, () -> loop.report(what, failure)));
    }
}
