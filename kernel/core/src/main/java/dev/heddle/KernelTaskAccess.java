package dev.heddle;

import dev.heddle.internal.TaskAccess;
import dev.heddle.internal.TaskResources;
import org.jspecify.annotations.Nullable;

/** The access of Heddle's own packages to tasks. */
final class KernelTaskAccess extends TaskAccess {

    @Override
    public @Nullable Task<?> current() {
        return Task.currentOrNull();
    }

    @Override
    public CancelScope scope(Task<?> task) {
        return task.scope;
    }

    @Override
    public @Nullable TaskResources resources(Task<?> task) {
        return task.resources();
    }

    @Override
    public void resources(Task<?> task, TaskResources resources) {
        task.resources(resources);
    }
}
