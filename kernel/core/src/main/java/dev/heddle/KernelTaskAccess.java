package dev.heddle;

import dev.heddle.internal.TaskAccess;
import dev.heddle.internal.TaskResources;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The access of Heddle's own packages to tasks. */
final class KernelTaskAccess extends TaskAccess {

    @Override
    public @Nullable Task<?> current() {
        return Task.currentOrNull();
    }

    @Override
    public @Nullable Task<?> served() {
        return Task.servedOrNull();
    }

    @Override
    public void works(Task<?> task, Thread thread, boolean begins) {
        Instrumented watch = task.loop().instrument;
        if (watch != null) {
            watch.offloaded(task, thread, begins);
        }
    }

    @Override
    public CancelScope scope(Task<?> task) {
        return task.scope;
    }

    @Override
    public CancelledException cancelled(Task<?> task, @Nullable Throwable cause) {
        return task.cancelledException(cause);
    }

    @Override
    public CancelledException deliverCancel(Task<?> task) {
        return task.deliverCancel();
    }

    @Override
    public void throwIfCancelledOrInterrupted() throws InterruptedException {
        CancelScope.throwIfCancelledOrInterrupted();
    }

    @Override
    public void awaitDespiteCancel(Waiter waiter, Runnable onCancel) {
        waiter.awaitDespiteCancel(onCancel);
    }

    @Override
    public void parkDespiteCancel(ParkingLot lot, Runnable onCancel) {
        lot.parkDespiteCancel(onCancel);
    }

    @Override
    public GroupException group(List<Throwable> failures) {
        return new GroupException(failures);
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
