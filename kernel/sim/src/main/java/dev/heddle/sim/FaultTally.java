package dev.heddle.sim;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The tally of planned faults: which kinds the plans of some runs had, and which of them struck. A plan that strikes
 * nothing makes tests green that say nothing.
 */
final class FaultTally implements AutoCloseable {

    private final Set<FaultKind> planned = EnumSet.noneOf(FaultKind.class);
    private final Set<FaultKind> struck = EnumSet.noneOf(FaultKind.class);
    private long runs;

    void plan(FaultPlan plan) {
        for (FaultKind each : FaultKind.values()) {
            if (each.isIn(plan)) {
                planned.add(each);
            }
        }
    }

    void struck(FaultKind kind) {
        struck.add(kind);
    }

    /** Adds what one run has counted. */
    void add(Sim run) {
        FaultTally one = run.engine().context().tally;
        planned.addAll(one.planned);
        struck.addAll(one.struck);
        runs++;
    }

    /** The kinds that were planned and struck in no run. */
    Set<FaultKind> missed() {
        Set<FaultKind> missed = EnumSet.copyOf(planned);
        missed.removeAll(struck);
        return missed;
    }

    /** Tells, behind the last of several runs, what was planned for nothing. */
    @Override
    public void close() {
        if (runs > 1 && !missed().isEmpty()) {
            String kinds = missed().stream().map(FaultKind::toString).collect(Collectors.joining(", "));
            System.err.println("a fault plan had no effect in any of " + runs + " seeds, which so have not tested it: "
                    + kinds + "; is there enough time, and does what it is for run on hosts of the network?");
        }
    }
}
