package dev.heddle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.internal.VirtualThreads;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Exchanger;
import java.util.concurrent.ForkJoinTask;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedTransferQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.AbstractQueuedSynchronizer;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.jupiter.api.Test;

/**
 * Names of the JDK's inside that stand in stack traces are those of the JDK at hand. Source: the sources of JDK 25.0.3
 * (2026-04). What a later one calls otherwise is taken for a wait that answers no interrupt, and for a frame of nobody.
 */
final class JdkNamesTest {

    private static final List<Class<?>> WAITERS = List.of(Thread.class, Object.class, AbstractQueuedSynchronizer.class,
            AbstractQueuedSynchronizer.ConditionObject.class, LinkedTransferQueue.class, Exchanger.class,
            FutureTask.class, ForkJoinTask.class, Semaphore.class, ReentrantLock.class, ReentrantReadWriteLock.class,
            Process.class);

    private static Set<String> methods(List<Class<?>> types) {
        Set<String> names = new TreeSet<>();
        types.forEach(type -> Arrays.stream(type.getDeclaredMethods()).map(Method::getName).forEach(names::add));
        return names;
    }

    @Test
    void waitsOfTheJdkHaveTheNamesThatForeignWaitKnows() {
        Set<String> unknown = new TreeSet<>(ForeignWait.INTERRUPTIBLE);
        unknown.addAll(ForeignWait.UNINTERRUPTIBLE);
        unknown.removeAll(methods(WAITERS));
        assertEquals(Set.of(), unknown);
    }

    @Test
    void pinnedThreadParksInTheMethodThatTheWatchdogLooksFor() throws Exception {
        assertTrue(methods(List.of(Class.forName("java.lang.VirtualThread"))).contains("parkOnCarrierThread"));
    }

    @Test
    void loadingOfClassesGoesThroughThePlacesThatTheWatchdogKnows() throws Exception {
        Class.forName("java.lang.invoke.MethodHandleNatives", false, null);
        assertTrue(Object.class.getModule().getPackages().contains("jdk.internal.loader"));
    }

    @Test
    void threadOfATaskIsTheJdks() {
        assertEquals("java.lang.VirtualThread",
                VirtualThreads.create(Runnable::run, null, () -> {}).getClass().getName());
    }
}
