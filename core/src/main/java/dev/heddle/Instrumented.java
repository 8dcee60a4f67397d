package dev.heddle;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The instruments of a loop. One that throws is taken off. Loop's thread only. */
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
        for (Instrument instrument : instruments) {
            try {
                call.make(instrument, task);
            } catch (Throwable e) {
                takeOff(instrument, e);
            }
        }
    }

    private void takeOff(Instrument failed, Throwable failure) {
        loop.removeInstrument(failed);
        String what = "an instrument of " + loop.name() + " failed and was taken off";
        loop.scheduler.schedule(new Handle(loop, () -> loop.report(what, failure)));
    }
}
