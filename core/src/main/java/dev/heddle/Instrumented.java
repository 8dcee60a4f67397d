package dev.heddle;

import org.jspecify.annotations.Nullable;

/** A loop's instrument, which is taken off when it throws. Loop's thread only. */
final class Instrumented {

    private final Loop loop;
    private @Nullable Instrument instrument;

    Instrumented(Loop loop, Instrument instrument) {
        this.loop = loop;
        this.instrument = instrument;
    }

    void spawned(Task<?> task) {
        tell(Instrument::spawned, task);
    }

    void resumed(Task<?> task) {
        tell(Instrument::resumed, task);
    }

    void suspended(Task<?> task) {
        tell(Instrument::suspended, task);
    }

    void ended(Task<?> task) {
        tell(Instrument::ended, task);
    }

    private interface Call {
        void make(Instrument instrument, Task<?> task);
    }

    private void tell(Call call, Task<?> task) {
        Instrument told = instrument;
        if (told == null) {
            return;
        }
        try {
            call.make(told, task);
        } catch (Throwable e) {
            instrument = null;
            String what = "an instrument of " + loop.name() + " failed and was taken off";
            loop.scheduler.schedule(new Handle(loop, () -> loop.report(what, e)));
        }
    }
}
