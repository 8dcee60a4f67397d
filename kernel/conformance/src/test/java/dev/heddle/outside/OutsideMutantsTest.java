package dev.heddle.outside;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.cluster.store.StoreEngine;
import dev.heddle.conformance.EngineContract;
import dev.heddle.conformance.PlantedBug;
import dev.heddle.conformance.StoreContract;
import dev.heddle.conformance.TransportContract;
import dev.heddle.engine.Engine;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The suites that others inherit find each fault of a transport, an engine or a store from outside, and come to their end. The
 * one that waits for a limit of its own does so while the others run.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class OutsideMutantsTest {

    /** How long a suite over a fault waits for what never comes: far more than any test over none takes. */
    private static final int SECONDS = 2;

    /** Who is in one test for so long opens and closes nothing more, which the other suites would count. */
    private static final Duration STANDSTILL = Duration.ofSeconds(3);

    private static final OutsideTrial UNLIMITED = new OutsideTrial(OutsideTransport.Fault.BYTES_WAKE_NO_READER);

    private static final FutureTask<List<String>> FOUND_UNLIMITED = new FutureTask<>(
            () -> UNLIMITED.run(Transports.class));

    static class Transports extends TransportContract {

        private final OutsideTrial trial = OutsideTrial.running();

        @Override
        protected void run(Action body) {
            trial.checkNothingFound();
            Heddle.run(body);
        }

        @Override
        protected Ends connect() {
            OutsideTransport[] pair = OutsideTransport.pair(trial.fault(OutsideTransport.Fault.class));
            return new Ends(pair[0], pair[1]);
        }

        @Override
        public int moreThanBuffered() {
            return 1_000_000;
        }
    }

    @Timeout(value = SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    static final class ImpatientTransports extends Transports {}

    static class Engines extends EngineContract {

        private final OutsideTrial trial = OutsideTrial.running();

        @Override
        public Engine newEngine() {
            trial.checkNothingFound();
            return OutsideEngine.with(trial.fault(OutsideEngine.Fault.class));
        }
    }

    @Timeout(value = SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    static final class ImpatientEngines extends Engines {}

    static class Stores extends StoreContract {

        private final OutsideTrial trial = OutsideTrial.running();
        private final OutsideStore store = new OutsideStore(trial.fault(OutsideStore.Fault.class));

        @Override
        public StoreEngine engine() {
            return store;
        }

        @Override
        public void run(Action body) {
            trial.checkNothingFound();
            super.run(body);
        }

        @Override
        public Duration timeout() {
            return Duration.ofMillis(100);
        }
    }

    /** Whose tests wait for no more than their patience. */
    static final class ImpatientStores extends Stores {

        @Override
        public Duration patience() {
            return Duration.ofSeconds(1);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"LOSS_IS_AN_END", "END_OVERTAKES_BYTES", "HALF_CLOSE_CLOSES_BOTH", "OUTPUT_STAYS_OPEN"})
    void faultThatFailsAtOnceIsFound(OutsideTransport.Fault planted) {
        OutsideTrial.assertFound(planted, ImpatientTransports.class);
    }

    private static void beginUnlimited() {
        Thread.ofPlatform().daemon().name("suite without a limit").start(FOUND_UNLIMITED);
    }

    /** A share of those that are faults: not the first, which is none. */
    private static <T> List<T> someOf(T[] faults) {
        return List.of(faults).subList(1, faults.length);
    }

    @Order(1)
    @Tag("night")
    @Test
    void suiteWithoutALimitOfItsInheritorWaits() throws InterruptedException {
        beginUnlimited();
        while (UNLIMITED.inOneTest().compareTo(STANDSTILL) < 0) {
            assertFalse(FOUND_UNLIMITED.isDone());
            Thread.sleep(10);
        }
    }

    static List<OutsideTransport.Fault> faultsOfATransport() {
        return someOf(OutsideTransport.Fault.values());
    }

    @Order(2)
    @Tag("night")
    @ParameterizedTest
    @MethodSource("faultsOfATransport")
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void faultOfATransportIsFound(OutsideTransport.Fault planted) {
        OutsideTrial.assertFound(planted, ImpatientTransports.class);
    }

    static List<OutsideEngine.Fault> faultsOfAnEngine() {
        return someOf(OutsideEngine.Fault.values());
    }

    @Order(3)
    @Tag("night")
    @ParameterizedTest
    @MethodSource("faultsOfAnEngine")
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void faultOfAnEngineIsFound(OutsideEngine.Fault planted) {
        OutsideTrial.assertFound(planted, ImpatientEngines.class);
    }

    static List<OutsideStore.Fault> faultsOfAStore() {
        return someOf(OutsideStore.Fault.values());
    }

    @Order(4)
    @Tag("night")
    @ParameterizedTest
    @MethodSource("faultsOfAStore")
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void faultOfAStoreIsFound(OutsideStore.Fault planted) {
        OutsideTrial.assertFound(planted, ImpatientStores.class);
    }

    @Order(5)
    @Tag("night")
    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void suiteWithoutALimitOfItsInheritorEndsByItsOwn() throws Exception {
        beginUnlimited(); // does nothing if it has begun
        assertTrue(FOUND_UNLIMITED.get().getFirst().contains("timed out"), FOUND_UNLIMITED.get().getFirst());
    }

    @Tag("night")
    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void rightStoreFromOutsidePasses() {
        assertEquals(List.of(), new OutsideTrial(OutsideStore.Fault.NONE).run(Stores.class));
    }

    @Tag("night")
    @Test
    @Timeout(value = 5, unit = TimeUnit.MINUTES)
    void rightEngineFromOutsidePasses() {
        assertEquals(List.of(), new OutsideTrial(OutsideEngine.Fault.NONE).run(Engines.class));
    }
}
