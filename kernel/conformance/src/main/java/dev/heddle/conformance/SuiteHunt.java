package dev.heddle.conformance;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The tests of a suite, run one after another until one fails. It is loaded with the copy of Heddle that it looks into,
 * see {@link PlantedBug}. A test that waits for ever is left behind in its thread, as one that failed.
 *
 * <p>Threads: any; suites that count the descriptors of the process want to be alone.
 */
final class SuiteHunt {

    /** A test that uses no processor for so long waits for what never comes; the tests themselves sleep a fraction of it. */
    private static final int QUIET_MILLIS = 1_500;

    /** The most that one test may take while it works. */
    private static final int MAX_TEST_MILLIS = 30_000;

    private static final int LOOK_MILLIS = 100;

    /** Less of a processor than this from look to look is none: a loop looks into its engine now and then. */
    private static final long QUIET_NANOS = 1_000_000;

    private SuiteHunt() {}

    /** The first test that fails, and why; empty if none does. */
    static String firstFailure(String suite) throws ReflectiveOperationException, InterruptedException {
        Class<?> type = Class.forName(suite, true, SuiteHunt.class.getClassLoader());
        for (Method test : tests(type)) {
            String failure = run(type, test);
            if (!failure.isEmpty()) {
                return type.getSimpleName() + "." + test.getName() + ": " + failure;
            }
        }
        return "";
    }

    /** What a suite runs at the pace of work, its own and what it inherits, in the order of their names. */
    private static List<Method> tests(Class<?> type) {
        Map<String, Method> byName = new TreeMap<>();
        for (Class<?> each = type; each != null; each = each.getSuperclass()) {
            Arrays.stream(each.getDeclaredMethods()).forEach(method -> byName.putIfAbsent(method.getName(), method));
        }
        Arrays.stream(type.getMethods()).forEach(method -> byName.putIfAbsent(method.getName(), method));
        List<Method> tests = new ArrayList<>(byName.values());
        tests.removeIf(method -> !isTest(method) || method.isAnnotationPresent(Tag.class));
        return tests;
    }

    private static boolean isTest(Method method) {
        return method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(TestFactory.class);
    }

    /** Runs the tests that a method has made, if it makes tests. */
    private static void runMade(@Nullable Object made) throws Throwable {
        if (made instanceof Stream<?> tests) {
            for (Object test : tests.toList()) {
                ((DynamicTest) test).getExecutable().execute();
            }
        }
    }

    private static String run(Class<?> type, Method test) throws ReflectiveOperationException, InterruptedException {
        Constructor<?> constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        test.setAccessible(true);
        Object instance = constructor.newInstance();
        var failure = new AtomicReference<@Nullable Throwable>();
        Thread thread = Thread.ofPlatform().daemon().name(test.getName()).start(() -> {
            try {
                runMade(test.invoke(instance));
            } catch (InvocationTargetException e) {
                failure.set(e.getCause());
            } catch (Throwable e) {
                failure.set(e);
            }
        });
        String hung = await(thread);
        Throwable thrown = failure.get();
        return !hung.isEmpty() || thrown == null ? hung : String.valueOf(thrown).lines().findFirst().orElse("");
    }

    /** Waits for a test's thread; empty if it has ended. */
    private static String await(Thread thread) throws InterruptedException {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long used = 0;
        int quiet = 0;
        for (int millis = 0; millis < MAX_TEST_MILLIS && quiet < QUIET_MILLIS; millis += LOOK_MILLIS) {
            thread.join(LOOK_MILLIS);
            if (!thread.isAlive()) {
                return "";
            }
            long before = used;
            used = threads.getThreadCpuTime(thread.threadId());
            quiet = used - before < QUIET_NANOS ? quiet + LOOK_MILLIS : 0;
        }
        thread.interrupt();
        return quiet < QUIET_MILLIS ? "does not end" : "waits for ever";
    }
}
