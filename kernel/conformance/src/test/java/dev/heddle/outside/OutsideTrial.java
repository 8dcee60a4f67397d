package dev.heddle.outside;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** One run of a suite over something from outside that has a fault or none, as JUnit runs it there, with no settings. */
final class OutsideTrial implements TestExecutionListener {

    /** The one whose suite this thread makes. */
    private static final ScopedValue<OutsideTrial> RUNNING = ScopedValue.newInstance();

    private final Enum<?> fault;
    private final List<String> failures = new CopyOnWriteArrayList<>();
    private volatile long begunNanos = System.nanoTime();

    OutsideTrial(Enum<?> fault) {
        this.fault = fault;
    }

    /** A suite asks this when it is made. */
    static OutsideTrial running() {
        return RUNNING.get();
    }

    <F extends Enum<F>> F fault(Class<F> type) {
        return type.cast(fault);
    }

    /** After the first failure the other tests are not run: what is asked is whether there is one. */
    void checkNothingFound() {
        assertTrue(failures.isEmpty(), "found already");
    }

    /** What failed, in the order of time. */
    List<String> run(Class<?> suite) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(suite))
                .build();
        ScopedValue.where(RUNNING, this).run(() -> LauncherFactory.create().execute(request, this));
        return failures;
    }

    static void assertFound(Enum<?> fault, Class<?> suite) {
        List<String> found = new OutsideTrial(fault).run(suite);
        assertFalse(found.isEmpty(), () -> "no test finds " + fault);
        System.out.println(fault + ": " + found.getFirst());
    }

    /** For how long the test that began last has been running. */
    Duration inOneTest() {
        return Duration.ofNanos(System.nanoTime() - begunNanos);
    }

    @Override
    public void executionStarted(TestIdentifier test) {
        begunNanos = System.nanoTime();
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() == TestExecutionResult.Status.FAILED) {
            failures.add(test.getDisplayName() + ": " + result.getThrowable().orElseThrow());
        }
    }
}
