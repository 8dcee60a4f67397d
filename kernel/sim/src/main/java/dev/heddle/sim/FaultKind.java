package dev.heddle.sim;

import java.time.Duration;

/** The kinds of faults that a {@link FaultPlan} can have. */
enum FaultKind {
    CUT("cut connections"),
    REFUSAL("refused connects"),
    BLACK_HOLE("connects without an answer"),
    OUTAGE("outages of links"),
    SLOW_READER("slow readers"),
    STALL("stalls of tasks"),
    HOST_STALL("stalls of hosts"),
    CLOCK_JUMP("jumps of the clock");

    private final String words;

    FaultKind(String words) {
        this.words = words;
    }

    boolean isIn(FaultPlan plan) {
        return switch (this) {
            case CUT -> plan.cutChance() > 0;
            case REFUSAL -> plan.refuseChance() > 0;
            case BLACK_HOLE -> plan.blackHoleChance() > 0;
            case OUTAGE -> isPlanned(plan.outageEvery(), plan.outageFor());
            case SLOW_READER -> plan.slowChance() > 0;
            case STALL -> plan.stallChance() > 0 && !plan.stallFor().isZero();
            case HOST_STALL -> isPlanned(plan.hostStallEvery(), plan.hostStallFor());
            case CLOCK_JUMP -> isPlanned(plan.clockJumpEvery(), plan.clockJumpBy());
        };
    }

    private static boolean isPlanned(Duration every, Duration length) {
        return !every.isZero() && !length.isZero();
    }

    @Override
    public String toString() {
        return words;
    }
}
