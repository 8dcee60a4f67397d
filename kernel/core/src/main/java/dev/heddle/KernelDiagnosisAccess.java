package dev.heddle;

import dev.heddle.internal.diagnosis.DiagnosisAccess;
import dev.heddle.internal.diagnosis.LoopWalk;
import dev.heddle.internal.loop.Schedulable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The access of diagnosis to loops and tasks. */
final class KernelDiagnosisAccess extends DiagnosisAccess {

    @Override
    public @Nullable Task<?> task(Thread thread) {
        Fiber fiber = Fiber.of(thread);
        return fiber == null ? null : fiber.task;
    }

    @Override
    public @Nullable Thread thread(Task<?> task) {
        return task.thread();
    }

    @Override
    public boolean isSuspended(Task<?> task) {
        return task.isSuspended();
    }

    @Override
    public List<Thread> awaitedThreads(Task<?> task) {
        return task.awaitedThreads();
    }

    @Override
    public boolean hasDeadline(Task<?> task) {
        return task.scope.hasDeadline();
    }

    @Override
    public String what(Thread thread) {
        Fiber fiber = Fiber.of(thread);
        return fiber == null ? thread.toString() : fiber.what();
    }

    @Override
    public @Nullable String state(Thread thread) {
        Fiber fiber = Fiber.of(thread);
        if (fiber == null) {
            return null;
        }
        return fiber.isSuspended() ? "waiting" : fiber.isRunning() ? "running" : "ready";
    }

    @Override
    public @Nullable Waiter waiter(Task<?> task) {
        return task.waiting;
    }

    @Override
    public Object waitingFor(Waiter waiter) {
        return waiter.waitingFor();
    }

    @Override
    public WaitReport.Kind kind(Object waitingFor) {
        return switch (waitingFor) {
            case JoinWait _ -> WaitReport.Kind.TASK;
            case TaskGroup.Ending _ -> WaitReport.Kind.GROUP;
            case HeldResource _ -> WaitReport.Kind.LOCK;
            default -> WaitReport.Kind.OTHER;
        };
    }

    @Override
    public boolean answersInterrupts(List<StackTraceElement> stack) {
        return ForeignWait.answersInterrupts(stack);
    }

    @Override
    public boolean isLoopsOwn(Thread thread) {
        return thread instanceof LoopThread;
    }

    @Override
    public @Nullable Thread running(Loop loop) {
        Fiber running = loop.scheduler.runningAsSeenElsewhere();
        return running == null ? null : running.thread;
    }

    @Override
    public long beat(Loop loop) {
        return loop.scheduler.beatAsSeenElsewhere();
    }

    @Override
    public long turns(Loop loop) {
        return loop.turnsAsSeenElsewhere();
    }

    @Override
    public boolean isAsleep(Loop loop) {
        return loop.scheduler.isAsleep();
    }

    @Override
    public long turnAsleep(Loop loop) {
        return loop.scheduler.turnAsleep();
    }

    @Override
    public long turnPolling(Loop loop) {
        return loop.scheduler.turnPolling();
    }

    @Override
    public long pollLimit(Loop loop) {
        return loop.scheduler.pollLimit();
    }

    @Override
    public List<Schedulable> left(Loop loop, int max) {
        return loop.scheduler.left(max);
    }

    @Override
    public StackTraceElement[] driverStack(Loop loop) {
        return loop.scheduler.driverStack();
    }

    @Override
    public long lookAtCancels(Loop loop) {
        return loop.openCancels.look();
    }

    @Override
    public void lookAtHost(Loop loop) {
        loop.lookAtHost();
    }

    @Override
    public List<Task<?>> tasks(Loop loop, int max) {
        List<Task<?>> tasks = new ArrayList<>();
        loop.tasks.scope().collectTasks(tasks, max);
        return tasks;
    }

    @Override
    public void visitScopes(Loop loop, Predicate<@Nullable Task<?>> visitor) {
        CancelScope top = loop.tasks.scope();
        CancelScope scope = top;
        while (scope != null && visitor.test(scope.rootedTask())) {
            scope = scope.nextBelow(top);
        }
    }

    @Override
    public <T> LoopWalk<T> walk(Loop loop, Function<Task<?>, @Nullable T> look) {
        return new KernelSight.Walk<>(loop, look);
    }

    @Override
    public boolean inLoop(Loop loop, Runnable call) {
        return loop.scheduler.inLoop(call);
    }

    @Override
    public void callBack(Loop loop, Runnable callback) {
        loop.scheduler.schedule(new LoopCallback(loop, callback));
    }

    @Override
    public void report(Loop loop, String what, Throwable failure) {
        loop.report(what, failure);
    }
}
