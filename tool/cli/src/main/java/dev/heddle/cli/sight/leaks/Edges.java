package dev.heddle.cli.sight.leaks;

import java.util.Set;

/**
 * The references that nobody can end a wait by. With them each task would be reached from its loop, and whoever holds a
 * lock from that lock.
 *
 * <p>One that is missing here hides a leak; one too many makes one up. So they are named one by one, and a test looks
 * whether there are such fields.
 */
final class Edges {

    /** Fields that are not followed: sets of tasks, and what is kept of things to know them again. */
    static final Set<String> TO_NOBODY = Set.of(
            "dev.heddle.Task$Rare.paused",
            "dev.heddle.internal.diagnosis.LongHolds.told",
            "dev.heddle.http.server.RequestState$Answered.byTask",
            "dev.heddle.http.internal.server.ServerLoop.background",
            "dev.heddle.process.shared.ManagerClient.holders",
            "dev.heddle.sync.ConcurrencyLimiter.loans");

    /** References that nobody gives out to whom they refer, or that are only there to be looked through. */
    static final Set<String> WEAK = Set.of("java.lang.ref.PhantomReference", "dev.heddle.internal.sight.Part");

    /**
     * Fields that are not followed to a scope, a task that waits, or its thread: who owns it, runs in it or waits for
     * it.
     */
    static final Set<String> TO_OTHERS = Set.of(
            "dev.heddle.CancelScope.firstChild",
            "dev.heddle.CancelScope.nextSibling",
            "dev.heddle.CancelScope.parent",
            "dev.heddle.CancelScope.previousSibling",
            "dev.heddle.CancelScope$Cancel.of",
            "dev.heddle.CancelScope$Deadline.this$0",
            "dev.heddle.JoinWait.joined",
            "dev.heddle.generators.OpenGenerators.task",
            "dev.heddle.generators.OpenGenerators.thread",
            "dev.heddle.StartSignal.task",
            "dev.heddle.Task.scope",
            "dev.heddle.TaskGroup.scope",
            "dev.heddle.http.internal.client.connection.Http1ClientConnection.task",
            "dev.heddle.http.internal.http2.Http2Stream.holder",
            "dev.heddle.http.internal.server.DisconnectWatch.task",
            "dev.heddle.http.internal.server.Http1ServerConnection.task",
            "dev.heddle.http.internal.server.TimedStream.scope",
            "dev.heddle.sync.JoinClause.joined",
            "dev.heddle.sync.ConcurrencyLimiter$Loan.borrower",
            "dev.heddle.sync.ConcurrencyLimiter$Loan.thread",
            "dev.heddle.sync.MutexState.holder",
            "java.util.concurrent.locks.AbstractOwnableSynchronizer.exclusiveOwnerThread");

    /** Classes in whose frames and lambdas scopes, tasks that wait, and their threads do not count either. */
    static final Set<String> IN_FRAMES = Set.of(
            "dev.heddle.CancelScope",
            "dev.heddle.Fiber",
            "dev.heddle.Heddle",
            "dev.heddle.JoinWait",
            "dev.heddle.LoopThread",
            "dev.heddle.Runner",
            "dev.heddle.Scheduler",
            "dev.heddle.Task",
            "dev.heddle.TaskGroup",
            "dev.heddle.Tasks",
            "dev.heddle.Waiter");

    /** What becomes of a reference. */
    static final byte FOLLOWED = 0;

    static final byte TO_OTHER = 1;
    static final byte IGNORED = 2;
    static final byte TO_WAITING = 3;

    private static final String LAMBDA = "$$Lambda";

    private Edges() {}

    /** What becomes of a field of an instance. */
    static byte of(HeapClass type, String declaring, String field) {
        String name = declaring + "." + field;
        if (name.equals("dev.heddle.Waiter.thread")) {
            return TO_WAITING;
        }
        if (TO_NOBODY.contains(name)
                || (name.equals("java.lang.ref.Reference.referent") && WEAK.stream().anyMatch(type::is))) {
            return IGNORED;
        }
        return TO_OTHERS.contains(name) || (type.name().contains(LAMBDA) && isOfKernel(type.name()))
                ? TO_OTHER
                : FOLLOWED;
    }

    /** Whether what a frame of a class refers to does not count if it is a task that waits, or its thread. */
    static boolean isOfKernel(String type) {
        int lambda = type.indexOf(LAMBDA);
        return IN_FRAMES.contains(lambda < 0 ? type : type.substring(0, lambda));
    }
}
