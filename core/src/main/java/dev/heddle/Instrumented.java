package dev.heddle;

import dev.heddle.internal.sight.TaskWatch;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The instruments of a loop. One that throws is taken off. Loop's thread only, but where it is said. */
final class Instrumented {

    private final Loop loop;
    private final Instrument[] instruments;

    Instrumented(Loop loop, Instrument... instruments) {
        this.loop = loop;
        this.instruments = instruments;
    }

    Instrumented with(Instrument added) {
        List<Instrument> all = new ArrayList<>(List.of(instruments));
        all.add(added);
        return new Instrumented(loop, all.toArray(Instrument[]::new));
    }

    /** Null if none is left. */
    @Nullable Instrumented without(Instrument removed) {
        List<Instrument> all = new ArrayList<>(List.of(instruments));
        all.removeIf(each -> each == removed);
        return all.isEmpty() ? null : new Instrumented(loop, all.toArray(Instrument[]::new));
    }

    void spawned(Task<?> task) {
        tell((told, subject, label) -> told.spawned(subject), task, null);
    }

    void resumed(Task<?> task) {
        tell((told, subject, label) -> told.resumed(subject), task, null);
    }

    void suspended(Task<?> task) {
        tell((told, subject, label) -> told.suspended(subject), task, null);
    }

    void ended(Task<?> task) {
        tell((told, subject, label) -> told.ended(subject), task, null);
    }

    /** A task has become ready; any thread. */
    void ready(Task<?> task) {
        if (loop.scheduler.isHere()) {
            tellWatches((watch, subject, label) -> watch.ready(subject, true), task, null);
        } else {
            tellWatches((watch, subject, label) -> watch.ready(subject, false), task, null);
        }
    }

    void labelled(Task<?> task, @Nullable String label) {
        tellWatches(TaskWatch::labelled, task, label);
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
        loop.scheduler.schedule(new Handle(loop, () -> loop.report(what, failure)));
    }
}
