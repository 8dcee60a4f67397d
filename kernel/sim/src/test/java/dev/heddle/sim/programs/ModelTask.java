package dev.heddle.sim.programs;

import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The model of a task: its scopes, those it owns, and how it ended. */
final class ModelTask {

    enum State {
        SPAWNED,
        RUNNING,
        /** Its body has ended, and tasks that it owns have not. */
        ENDING,
        SUCCEEDED,
        FAILED,
        CANCELLED
    }

    /** Fewer than it takes, since not all are seen here. */
    private static final int SOME_REFUSED = 16;

    final String name;

    /** The group that it is in; null for one that a task owns. */
    final @Nullable ModelGroup group;

    /** The task that owns it; null for one of a group. */
    final @Nullable ModelTask owner;

    final ModelScope root;

    /** The innermost scope around the code that runs. */
    ModelScope scope;

    State state = State.SPAWNED;

    /** How it will end once those it owns have ended. */
    State end = State.SUCCEEDED;

    @Nullable Throwable failure;

    /** The tasks that it owns, which have not ended. */
    final Set<ModelTask> owned = new LinkedHashSet<>();

    /** Around the tasks that it owns. */
    final ModelScope ownedScope;

    /** Where its code last swallowed a cancel. */
    @Nullable ModelScope swallowedIn;

    /** How many of its calls have failed by what they were made on. */
    int refused;

    /** Somebody has got its failure. */
    boolean seen;

    /** Somebody else has interrupted its thread, which has not noticed. */
    boolean interrupted;

    /** Whether it serves the others of its group. */
    final boolean service;

    /** It may have to give way before a call, as who repeats what is refused. */
    boolean givesWay() {
        return refused >= SOME_REFUSED;
    }

    ModelTask(String name, @Nullable ModelGroup group, @Nullable ModelTask owner, boolean service) {
        this.name = name;
        this.group = group;
        this.owner = owner;
        this.service = service;
        root = new ModelScope(around(), false, ModelScope.NEVER);
        scope = root;
        ownedScope = new ModelScope(root, false, ModelScope.NEVER);
    }

    private @Nullable ModelScope around() {
        if (group != null) {
            return service ? group.serviceScope : group.scope;
        }
        return owner == null ? null : owner.ownedScope;
    }

    boolean hasEnded() {
        return state.compareTo(State.ENDING) > 0;
    }

    /** Whether it may have ended, though nobody can tell yet. */
    boolean mayHaveEnded() {
        return state == State.ENDING && owned.stream().allMatch(ModelTask::mayHaveEnded);
    }

    @Override
    public String toString() {
        return name;
    }
}
