package dev.heddle.sim.programs;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The model of a group: its tasks that have not ended, and the failures so far. */
final class ModelGroup {

    final ModelTask opener;
    final ModelScope scope;
    final Set<ModelTask> alive = new LinkedHashSet<>();
    final List<Throwable> failures = new ArrayList<>();

    /** Its body has ended, and it waits for its tasks. */
    boolean closing;

    /** A cancel cut its body off. */
    boolean bodyCancelled;

    boolean sawCancelledTask;

    ModelGroup(ModelTask opener, ModelScope scope) {
        this.opener = opener;
        this.scope = scope;
    }
}
