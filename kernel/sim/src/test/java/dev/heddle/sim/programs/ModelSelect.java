package dev.heddle.sim.programs;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The model of a wait for several calls, of which one is done. */
final class ModelSelect extends Call {

    /** Which clause it was does not show where it threw. */
    static final int UNKNOWN = -1;

    private final Model model;
    private final List<Call> clauses;
    private final boolean inOrder;

    /**
     * What a select gives.
     *
     * @param clause its number, or {@link #UNKNOWN}
     */
    record Chosen(int clause, Object outcome) {}

    ModelSelect(Model model, ModelTask task, String what, long limit, boolean inOrder, List<Call> clauses) {
        super(task, what + " of " + clauses, limit);
        this.model = model;
        this.inOrder = inOrder;
        this.clauses = clauses;
        clauses.forEach(clause -> clause.select = this);
    }

    /** One of its clauses was served. */
    void served(Call clause, Object outcome) {
        given = new Chosen(clauses.indexOf(clause), outcome);
        if (outcome == CLOSED) {
            model.happened(Sometimes.CLOSE_MET_A_SELECT);
        }
        if (clauses.size() > 1) {
            model.happened(Sometimes.SELECT_WAS_SERVED);
        }
    }

    @Override
    @Nullable Object ready() {
        for (int i = 0; i < clauses.size(); i++) {
            Object outcome = clauses.get(i).ready();
            if (outcome != null) {
                return new Chosen(i, outcome);
            }
        }
        return null;
    }

    @Override
    boolean gives(Object outcome) {
        return find(outcome) != null;
    }

    @Override
    void take(Object outcome) {
        Call chosen = find(outcome);
        if (chosen != null && outcome instanceof Chosen given) {
            if (clauses.stream().filter(clause -> clause.ready() != null).count() > 1) {
                model.happened(Sometimes.SELECT_HAD_A_CHOICE);
            }
            chosen.take(given.outcome);
        }
    }

    /** The clause that gives this. */
    private @Nullable Call find(Object outcome) {
        for (int i = 0; i < clauses.size(); i++) {
            Call clause = clauses.get(i);
            if (outcome instanceof Chosen given
                    && (given.clause == i || given.clause == UNKNOWN)
                    && given.outcome.equals(clause.ready())) {
                return clause;
            }
            if (inOrder && clause.ready() != null) {
                return null;
            }
        }
        return null;
    }

    @Override
    void park() {
        clauses.forEach(Call::park);
    }

    @Override
    boolean isOpen() {
        return given == null;
    }

    @Override
    boolean isDue(long now) {
        return clauses.stream().anyMatch(clause -> clause.isDue(now));
    }

    @Override
    void leave() {
        clauses.forEach(Call::leave);
    }

    /** What was served without a value to deliver is the caller's cancel first. */
    @Override
    boolean givesBack() {
        return given instanceof Chosen chosen && chosen.outcome == TASK_CANCELLED;
    }

    /** The other clauses wait no more. */
    @Override
    void ended(Object outcome) {
        clauses.forEach(Call::leave);
        if (outcome == CANCELLED) {
            model.happened(Sometimes.CANCEL_MET_A_SELECT);
        }
    }

    /** Whether what came out is what a clause was served. */
    boolean isGiven(Object outcome) {
        return outcome instanceof Chosen chosen
                && given instanceof Chosen served
                && chosen.outcome.equals(served.outcome)
                && (chosen.clause == UNKNOWN || chosen.clause == served.clause);
    }
}
