package dev.heddle.internal.run;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/**
 * The handling of SIGINT, SIGTERM and SIGHUP for the runs of this process: the first cancels each main task, the second
 * ends the process at once. But a hang-up never does: terminals and shells send it twice, and systemd behind a SIGTERM.
 *
 * <p>A handler that the program has set itself is left alone. The system's own handling comes back when the last run
 * ends.
 */
public final class InterruptSignals {

    private static final String HANG_UP = "HUP";

    private static final Object LOCK = new Object();
    private static final List<Consumer<String>> RUNS = new ArrayList<>();

    /** The runs that a signal has told, and that have not ended to the last. */
    private static final Set<Consumer<String>> ENDING = new HashSet<>();

    private static final Map<Signal, SignalHandler> PREVIOUS = new LinkedHashMap<>();
    private static boolean received;

    private InterruptSignals() {}

    /** Begins to tell a run of signals. */
    public static void register(Consumer<String> run) {
        synchronized (LOCK) {
            if (RUNS.isEmpty()) {
                received = false;
                take("INT");
                take("TERM");
                take(HANG_UP);
            }
            RUNS.add(run);
        }
    }

    /** Ends telling it. */
    public static void unregister(Consumer<String> run) {
        synchronized (LOCK) {
            if (RUNS.remove(run) && RUNS.isEmpty()) {
                PREVIOUS.forEach(Signal::handle);
                PREVIOUS.clear();
            }
        }
    }

    /** A run has ended to the last, with all its loops. */
    public static void ended(Consumer<String> run) {
        synchronized (LOCK) {
            ENDING.remove(run);
            LOCK.notifyAll();
        }
    }

    /** Waits until all runs have ended that a signal has told. */
    static void awaitEnding() throws InterruptedException {
        synchronized (LOCK) {
            while (!ENDING.isEmpty()) {
                LOCK.wait();
            }
        }
    }

    private static void take(String name) {
        var signal = new Signal(name);
        try {
            SignalHandler previous = Signal.handle(signal, InterruptSignals::handle);
            if (isProgramsOwn(previous)) {
                Signal.handle(signal, previous);
            } else {
                PREVIOUS.put(signal, previous);
            }
        } catch (IllegalArgumentException e) {
            // The JVM keeps this signal for itself (-Xrs), or the system has none: then its handling stays.
        }
    }

    /** The JVM's own handlers live in the JDK; a program's do not. */
    private static boolean isProgramsOwn(SignalHandler handler) {
        return handler != SignalHandler.SIG_DFL
                && handler != SignalHandler.SIG_IGN
                && handler.getClass().getModule() != Object.class.getModule()
                && handler.getClass().getModule() != Signal.class.getModule();
    }

    /** On a thread of the JVM. */
    private static void handle(Signal signal) {
        synchronized (LOCK) { // so that no run can end in between and forget it
            if (received && !signal.getName().equals(HANG_UP)) {
                Runtime.getRuntime().halt(128 + signal.getNumber());
            }
            received = true;
            ENDING.addAll(RUNS);
            RUNS.forEach(run -> run.accept("SIG" + signal.getName()));
            if (RUNS.isEmpty()) { // the last has just ended, and left it to those who had it before
                Signal.raise(signal);
            }
        }
    }
}
