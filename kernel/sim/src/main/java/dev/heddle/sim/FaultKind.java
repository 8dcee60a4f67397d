package dev.heddle.sim;

import java.time.Duration;
import java.util.function.Predicate;

/** The kinds of faults that a {@link FaultPlan} can have. */
enum FaultKind {
    CUT("cut connections", plan -> plan.cutChance() > 0),
    REFUSAL("refused connects", plan -> plan.refuseChance() > 0),
    BLACK_HOLE("connects without an answer", plan -> plan.blackHoleChance() > 0),
    OUTAGE("outages of links", plan -> isPlanned(plan.outageEvery(), plan.outageFor())),
    SLOW_READER("slow readers", plan -> plan.slowChance() > 0),
    STALL("stalls of tasks", plan -> plan.stallChance() > 0 && !plan.stallFor().isZero()),
    HOST_STALL("stalls of hosts", plan -> isPlanned(plan.hostStallEvery(), plan.hostStallFor())),
    CLOCK_JUMP("jumps of the clock", plan -> isPlanned(plan.clockJumpEvery(), plan.clockJumpBy()));

    private final String words;
    private final Predicate<FaultPlan> planned;

    FaultKind(String words, Predicate<FaultPlan> planned) {
        this.words = words;
        this.planned = planned;
    }

    private static boolean isPlanned(Duration every, Duration length) {
        return !every.isZero() && !length.isZero();
    }

    boolean isIn(FaultPlan plan) {
        return planned.test(plan);
    }

    @Override
    public String toString() {
        return words;
    }
}
