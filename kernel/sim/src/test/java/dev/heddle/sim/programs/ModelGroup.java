package dev.heddle.sim.programs;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The model of a group, or of a race, which is a group that the first success ends. */
final class ModelGroup {

    final ModelTask opener;
    final ModelScope scope;
    final Set<ModelTask> alive = new LinkedHashSet<>();
    final List<Throwable> failures = new ArrayList<>();

    /** Around its services. It is not known when it is cancelled, only that it is once time has passed. */
    final ModelScope serviceScope;

    final Set<ModelTask> services = new LinkedHashSet<>();

    final boolean race;
    @Nullable ModelTask winner;

    /** Its body has ended, and it waits for its tasks. */
    boolean closing;

    /** A cancel cut its body off. */
    boolean bodyCancelled;

    boolean sawCancelledTask;

    ModelGroup(ModelTask opener, ModelScope scope, boolean race) {
        this.opener = opener;
        this.scope = scope;
        this.race = race;
        serviceScope = new ModelScope(scope, true, ModelScope.NEVER);
    }

    boolean waitsForServices() {
        return closing && alive.isEmpty();
    }

    /** Whether it may have come to its services, though nobody can tell yet. */
    boolean mayWaitForServices() {
        return closing && alive.stream().allMatch(ModelTask::mayHaveEnded);
    }

    boolean mustHaveEnded() {
        return closing && alive.isEmpty() && services.isEmpty();
    }
}
