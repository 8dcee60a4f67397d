package dev.heddle.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The limits of the options, on both sides of each. */
final class OptionsTest {

    private static final LinkOptions LINK = LinkOptions.DEFAULT;

    private static void refused(String name, Executable call) {
        String message = assertThrows(IllegalArgumentException.class, call).getMessage();
        assertEquals(name, message.substring(0, message.indexOf(' ')), message);
    }

    @Test
    void delaysAreNotNegativeAndAtMostAnHour() {
        LINK.withLatency(LinkOptions.MAX_DELAY).withJitter(LinkOptions.MAX_DELAY);
        LINK.withLatency(Duration.ZERO).withJitter(Duration.ZERO);
        refused("latency", () -> LINK.withLatency(Duration.ofNanos(-1)));
        refused("latency", () -> LINK.withLatency(LinkOptions.MAX_DELAY.plusNanos(1)));
        refused("jitter", () -> LINK.withJitter(Duration.ofSeconds(Long.MIN_VALUE)));
        refused("jitter", () -> LINK.withJitter(Duration.ofSeconds(Long.MAX_VALUE)));
    }

    @Test
    void chancesAreFromZeroToOneAndLossToNineTenths() {
        LINK.withLoss(0).withLoss(LinkOptions.MAX_LOSS).withReorder(1).withDuplicate(1);
        refused("loss", () -> LINK.withLoss(0.95));
        refused("loss", () -> LINK.withLoss(-0.01));
        refused("loss", () -> LINK.withLoss(Double.NaN));
        refused("reorder", () -> LINK.withReorder(1.01));
        refused("duplicate", () -> LINK.withDuplicate(-1));
        refused("cutChance", () -> FaultPlan.NONE.withCuts(2, 10));
        refused("refuseChance", () -> FaultPlan.NONE.withRefuseChance(-1));
        refused("blackHoleChance", () -> FaultPlan.NONE.withBlackHoleChance(Double.POSITIVE_INFINITY));
    }

    @Test
    void sizesHaveALeastValue() {
        LINK.withMtuBytes(1).withWindowBytes(1).withBytesPerSecond(0).withQueuedDatagrams(0);
        refused("queuedDatagrams", () -> LINK.withQueuedDatagrams(-1));
        refused("mtuBytes", () -> LINK.withMtuBytes(0));
        refused("windowBytes", () -> LINK.withWindowBytes(0));
        refused("bytesPerSecond", () -> LINK.withBytesPerSecond(-1));
        refused("cutWithinBytes", () -> FaultPlan.NONE.withCuts(0.5, 0));
    }

    @Test
    void outagesAreNotNegativeAndAtMostThirtyDays() {
        FaultPlan.NONE.withOutages(Duration.ZERO, Duration.ZERO);
        FaultPlan.NONE.withOutages(FaultPlan.MAX_TIME, FaultPlan.MAX_TIME);
        Duration tooLong = FaultPlan.MAX_TIME.plusNanos(1);
        refused("outageEvery", () -> FaultPlan.NONE.withOutages(tooLong, Duration.ZERO));
        refused("outageFor", () -> FaultPlan.NONE.withOutages(Duration.ZERO, tooLong));
        refused("outageEvery", () -> FaultPlan.NONE.withOutages(Duration.ofNanos(-1), Duration.ZERO));
        refused("outageFor", () -> FaultPlan.NONE.withOutages(Duration.ZERO, Duration.ofNanos(-1)));
    }

    @Test
    void faultsOfMachinesAndReadersHaveTheirBoundsToo() {
        Duration tooLong = FaultPlan.MAX_TIME.plusNanos(1);
        Duration negative = Duration.ofNanos(-1);
        FaultPlan.NONE.withStalls(FaultPlan.MAX_STALL_CHANCE, FaultPlan.MAX_TIME).withSlowReaders(1, 1);
        refused("slowChance", () -> FaultPlan.NONE.withSlowReaders(1.01, 1));
        refused("slowBytesPerSecond", () -> FaultPlan.NONE.withSlowReaders(1, 0));
        refused("stallChance", () -> FaultPlan.NONE.withStalls(0.51, Duration.ZERO));
        refused("stallFor", () -> FaultPlan.NONE.withStalls(0.1, tooLong));
        refused("hostStallEvery", () -> FaultPlan.NONE.withHostStalls(negative, Duration.ZERO));
        refused("hostStallFor", () -> FaultPlan.NONE.withHostStalls(Duration.ZERO, tooLong));
        refused("clockJumpEvery", () -> FaultPlan.NONE.withClockJumps(tooLong, Duration.ZERO));
        refused("clockJumpBy", () -> FaultPlan.NONE.withClockJumps(Duration.ZERO, negative));
    }

    @Test
    void eachChangeOfAPlanChangesOneFault() {
        Duration one = Duration.ofSeconds(1);
        Duration two = Duration.ofSeconds(2);
        FaultPlan changed = FaultPlan.NONE
                .withCuts(0.1, 2)
                .withRefuseChance(0.3)
                .withBlackHoleChance(0.4)
                .withOutages(one, two)
                .withSlowReaders(0.5, 6)
                .withStalls(0.25, one)
                .withHostStalls(two, one)
                .withClockJumps(one, one);
        assertEquals(
                List.of(0.1, 2, 0.3, 0.4, one, two, 0.5, 6L, 0.25, one, two, one, one, one),
                List.of(changed.cutChance(), changed.cutWithinBytes(), changed.refuseChance(),
                        changed.blackHoleChance(),
                        changed.outageEvery(), changed.outageFor(), changed.slowChance(), changed.slowBytesPerSecond(),
                        changed.stallChance(), changed.stallFor(), changed.hostStallEvery(), changed.hostStallFor(),
                        changed.clockJumpEvery(), changed.clockJumpBy()));
    }

    @Test
    void limitsOfARunArePositive() {
        SimOptions options = SimOptions.DEFAULT;
        options.withMaxVirtualTime(Duration.ofNanos(1)).withMaxSteps(1).withMaxRealWait(Duration.ofNanos(1));
        refused("maxVirtualTime", () -> options.withMaxVirtualTime(Duration.ZERO));
        refused("maxVirtualTime", () -> options.withMaxVirtualTime(Duration.ofNanos(Long.MAX_VALUE)));
        refused("maxSteps", () -> options.withMaxSteps(0));
        refused("maxRealWait", () -> options.withMaxRealWait(Duration.ZERO));
    }

    @Test
    void timesTooLongToCountAreForEver() {
        Duration forEver = Duration.ofSeconds(Long.MAX_VALUE);
        Sim.run(SimOptions.DEFAULT.withMaxRealWait(forEver), sim -> {
            SimHost host = sim.network().host("a");
            sim.network().cutAfter(forEver, host, host);
            sim.network().nameDelay(forEver);
            sim.freeze(forEver);
            assertEquals(Long.MAX_VALUE, sim.elapsed().toNanos());
        });
    }

    @Test
    void timesThatTheNetworkIsGivenAreNotNegative() {
        Sim.run(1, () -> {
            Sim sim = Sim.current();
            SimHost host = sim.network().host("a");
            refused("delay", () -> sim.network().nameDelay(Duration.ofNanos(-1)));
            refused("time", () -> sim.network().cutAfter(Duration.ofNanos(-1), host, host));
            refused("bytes", () -> sim.network().cutAfterBytes(-1, host, host));
            refused("time", () -> sim.freeze(Duration.ofNanos(-1)));
            refused("time", () -> host.stall(Duration.ofNanos(-1)));
            refused("bytesPerSecond", () -> host.readAtMost(-1));
        });
    }
}
