package dev.heddle.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.conformance.EngineContract;
import dev.heddle.conformance.StoreContract;
import dev.heddle.conformance.TransportContract;
import dev.heddle.engine.Engine;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * The suites that others inherit find each fault of a transport, an engine or a store from outside, and come to their end. They
 * are run as JUnit runs them there, with no settings.
 */
final class OutsideMutantsTest {

    private static OutsideTransport.Fault ofTransport = OutsideTransport.Fault.NONE;
    private static OutsideEngine.Fault ofEngine = OutsideEngine.Fault.NONE;
    private static OutsideStore.Fault ofStore = OutsideStore.Fault.NONE;
    private static Failures failures = new Failures();

    /** After the first failure the other tests are not run: what is asked is whether there is one. */
    static class Transports extends TransportContract {

        @Override
        protected void run(Action body) {
            assertTrue(failures.all.isEmpty(), "found already");
            Heddle.run(body);
        }

        @Override
        protected Ends connect() {
            OutsideTransport[] pair = OutsideTransport.pair(ofTransport);
            return new Ends(pair[0], pair[1]);
        }

        @Override
        public int moreThanBuffered() {
            return 1_000_000;
        }
    }

    @Timeout(value = 5, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    static final class ImpatientTransports extends Transports {}

    @Timeout(value = 5, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    static final class ImpatientEngines extends EngineContract {

        @Override
        public Engine newEngine() {
            assertTrue(failures.all.isEmpty(), "found already");
            return OutsideEngine.with(ofEngine);
        }
    }

    @Timeout(value = 5, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    static final class ImpatientStores extends StoreContract {

        private final OutsideStore store = new OutsideStore(ofStore);

        @Override
        public StoreEngine engine() {
            return store;
        }

        @Override
        public void run(Action body) {
            assertTrue(failures.all.isEmpty(), "found already");
            super.run(body);
        }

        @Override
        public Duration timeout() {
            return Duration.ofMillis(100);
        }

        @Override
        public Duration patience() {
            return Duration.ofSeconds(2);
        }
    }

    /** What failed, in the order of time. */
    private static final class Failures implements TestExecutionListener {

        private final List<String> all = new ArrayList<>();

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                all.add(test.getDisplayName() + ": " + result.getThrowable().orElseThrow());
            }
        }
    }

    private static List<String> run(Class<?> suite) {
        failures = new Failures();
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(suite))
                .build();
        LauncherFactory.create().execute(request, failures);
        return failures.all;
    }

    private static void assertFound(Object fault, List<String> found) {
        assertFalse(found.isEmpty(), () -> "no test finds " + fault);
        System.out.println(fault + ": " + found.getFirst());
    }

    private static List<String> run(OutsideTransport.Fault planted) {
        ofTransport = planted;
        return run(ImpatientTransports.class);
    }

    @ParameterizedTest
    @EnumSource(names = {"LOSS_IS_AN_END", "END_OVERTAKES_BYTES", "HALF_CLOSE_CLOSES_BOTH", "OUTPUT_STAYS_OPEN"})
    void faultThatFailsAtOnceIsFound(OutsideTransport.Fault planted) {
        assertFound(planted, run(planted));
    }

    @Tag("full")
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void faultOfATransportIsFound(OutsideTransport.Fault planted) {
        assertFound(planted, run(planted));
    }

    @Tag("full")
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void faultOfAnEngineIsFound(OutsideEngine.Fault planted) {
        ofEngine = planted;
        assertFound(planted, run(ImpatientEngines.class));
    }

    @Tag("full")
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void faultOfAStoreIsFound(OutsideStore.Fault planted) {
        ofStore = planted;
        assertFound(planted, run(ImpatientStores.class));
    }

    @Tag("full")
    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void rightStoreFromOutsidePasses() {
        ofStore = OutsideStore.Fault.NONE;
        assertEquals(List.of(), run(ImpatientStores.class));
    }

    @Tag("full")
    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void rightEngineFromOutsidePasses() {
        ofEngine = OutsideEngine.Fault.NONE;
        assertEquals(List.of(), run(ImpatientEngines.class));
    }

    @Tag("full")
    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void suiteWithoutALimitOfItsInheritorEndsByItsOwn() {
        ofTransport = OutsideTransport.Fault.BYTES_WAKE_NO_READER;
        assertTrue(run(Transports.class).getFirst().contains("timed out"));
    }
}
