package dev.heddle.internal.sight;

import java.util.ServiceLoader;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Who observes this process. It is found by {@link ServiceLoader} and begins with the first loop that lives in real
 * time, unless {@code -Dheddle.observe=off} or the environment's {@code HEDDLE_OBSERVE=off} says no.
 */
public interface Observer {

    /** Begins; on a daemon thread, once in a process. */
    void begin();

    /** A loop begins that lives in real time. Costs a glance but for the first time. */
    static void loopBegins() {
        if (Found.ASKED.get() || Found.ASKED.getAndSet(true) || Found.isOff()) {
            return;
        }
        Thread.ofPlatform().daemon().name("heddle-observe").start(() -> {
            for (Observer observer : ServiceLoader.load(Observer.class, Observer.class.getClassLoader())) {
                observer.begin();
            }
        });
    }

    /** What interfaces cannot keep to themselves. */
    final class Found {
        private static final AtomicBoolean ASKED = new AtomicBoolean();

        private Found() {}

        private static boolean isOff() {
            return "off".equals(System.getProperty("heddle.observe", System.getenv("HEDDLE_OBSERVE")));
        }
    }
}
