package dev.heddle.internal.sight;

import java.util.Locale;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;

/**
 * An observer of this process. It is found by {@link ServiceLoader} and begins with the first loop that lives in real
 * time, unless {@code -Dheddle.observe=off} or the environment's {@code HEDDLE_OBSERVE=off} says no.
 */
public interface Observer {

    /** Begins; on a daemon thread, once in a process, a moment after the first loop. */
    void begin();

    /** Begins what is to see the first loop from its first turn on; on the thread that makes it, before that turn. */
    default void beginRecording() {}

    /** A loop begins that lives in real time. Costs a glance but for the first time. */
    static void loopBegins() {
        if (Found.ASKED.get() || Found.ASKED.getAndSet(true) || Found.isOff()) {
            return;
        }
        if (Found.records()) {
            Found.observers().forEach(Observer::beginRecording);
        }
        Thread.ofPlatform().daemon().inheritInheritableThreadLocals(false).name("heddle-observe").start(() -> {
            LockSupport.parkNanos(Found.HEAD_START_NANOS);
            Found.observers().forEach(Observer::begin);
        });
    }

    /** What interfaces cannot keep to themselves. */
    final class Found {
        private static final AtomicBoolean ASKED = new AtomicBoolean();

        /** A program that soon ends pays nothing for it, and one that begins can use all processors itself. */
        private static final long HEAD_START_NANOS = TimeUnit.MILLISECONDS.toNanos(250);

        private static final Set<String> OFF = Set.of("off", "false", "no", "0");

        private Found() {}

        private static ServiceLoader<Observer> observers() {
            return ServiceLoader.load(Observer.class, Observer.class.getClassLoader());
        }

        /** Whether the flight recorder is to be on from the beginning. */
        private static boolean records() {
            return System.getProperty("heddle.observe.record") != null
                    || System.getProperty("heddle.observe.record.directory") != null;
        }

        private static boolean isOff() {
            String setting = System.getProperty("heddle.observe", System.getenv("HEDDLE_OBSERVE"));
            return setting != null && OFF.contains(setting.toLowerCase(Locale.ROOT));
        }
    }
}
