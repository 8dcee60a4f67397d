package dev.heddle.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelledException;
import dev.heddle.internal.sight.PartDetail;
import dev.heddle.process.internal.codec.Output;
import dev.heddle.process.internal.work.Marshaller;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The queue of a pool, with the test in the place of the workers. */
final class JobQueueTest {

    private static final int HEAVY_BYTES = 10_000;

    private static final class Worker extends JobQueue.Worker {
        final List<RemoteJob<?>> begun = new ArrayList<>();
        boolean ended;

        @Override
        void begin(RemoteJob<?> job) {
            begun.add(job);
        }

        @Override
        void end() {
            ended = true;
        }
    }

    private final Marshaller marshaller = Marshaller.of(HEAVY_BYTES, List.of());
    private final List<Worker> workers = new ArrayList<>();
    private int calls;
    private boolean threadless;
    private boolean barred;

    private void call() {
        calls++;
        if (threadless) {
            throw new OutOfMemoryError("no thread");
        }
    }

    private @Nullable Worker hire() {
        if (barred) {
            return null;
        }
        workers.add(new Worker());
        return workers.getLast();
    }

    private JobQueue queue(int most, int maxQueued) {
        return new JobQueue(ProcessPoolOptions.DEFAULT.withWorkers(most).withMaxQueued(maxQueued), this::call);
    }

    private RemoteJob<?> job(int bytes) {
        return new RemoteJob<>(Output.of(new byte[bytes]), marshaller, 1);
    }

    private RemoteJob<?> admitted(JobQueue queue) {
        RemoteJob<?> job = job(1);
        assertTrue(queue.admit(job, false));
        return job;
    }

    private void assign(JobQueue queue) {
        while (queue.assign(this::hire)) {
            // The next.
        }
    }

    private static List<RemoteJob<?>> take(JobQueue queue, Worker worker, int ended, int most) {
        List<RemoteJob<?>> taken = new ArrayList<>();
        queue.exchange(worker, ended, most, taken);
        return taken;
    }

    private static int queued(JobQueue queue) {
        return queue.statistics(0, 0, 0, 0).queued();
    }

    private static int busy(JobQueue queue) {
        return queue.statistics(0, 0, 0, 0).busy();
    }

    @Test
    void queueWhoseLastJobIsGivenUpBeforeAWorkerComesEndsWhenTheCrewComes() {
        JobQueue queue = queue(1, 10);
        RemoteJob<?> job = admitted(queue);
        queue.shutdown();
        assertTrue(queue.forget(job));
        assertFalse(queue.assign(this::hire));
        assertTrue(queue.isDeserted());
        assertTrue(queue.terminated().isSet());
    }

    @Test
    void detailTellsTheJobWhoseTurnItIsAndHowLongTheFirstInTheQueueHasWaited() {
        JobQueue queue = queue(1, 10);
        assertEquals(PartDetail.NONE, queue.detail());
        admitted(queue);
        admitted(queue);
        assertEquals(List.of(), queue.detail().holders());
        assertTrue(queue.detail().waitedNanos() >= 0);
        assign(queue);
        PartDetail.Holder holder = queue.detail().holders().getFirst();
        assertEquals("a body of Work, not begun", holder.who());
        assertTrue(holder.nanos() >= 0);
        take(queue, workers.getFirst(), 1, 1);
        assertEquals(1, queue.detail().holders().size());
        assertEquals(-1, queue.detail().waitedNanos());
    }

    @Test
    void crewIsCalledOnceForAllThatComesBeforeItComes() {
        JobQueue queue = queue(2, 10);
        admitted(queue);
        admitted(queue);
        admitted(queue);
        assertEquals(1, calls);
        assign(queue);
        assertEquals(2, workers.size());
        admitted(queue);
        assertEquals(1, calls);
    }

    @Test
    void whatIsTakenAheadCountsAsQueuedUntilItsTurn() {
        JobQueue queue = queue(1, 10);
        List<RemoteJob<?>> jobs = List.of(admitted(queue), admitted(queue), admitted(queue));
        assign(queue);
        Worker worker = workers.getFirst();
        assertEquals(jobs.subList(0, 1), worker.begun);
        assertEquals(jobs.subList(1, 3), take(queue, worker, 0, 10));
        assertEquals(2, queued(queue));
        assertEquals(1, busy(queue));
        take(queue, worker, 2, 10);
        assertEquals(0, queued(queue));
        assertEquals(1, busy(queue));
        take(queue, worker, 1, 10);
        assertEquals(0, busy(queue));
        assertEquals(3, queue.statistics(0, 0, 0, 0).done());
    }

    @Test
    void nothingIsTakenThatAFreeWorkerCouldBegin() {
        JobQueue queue = queue(2, 10);
        admitted(queue);
        assign(queue);
        RemoteJob<?> other = admitted(queue);
        assertEquals(List.of(), take(queue, workers.getFirst(), 0, 10));
        assign(queue);
        assertEquals(List.of(other), workers.getLast().begun);
    }

    @Test
    void heavyBodyWaitsForItsTurn() {
        JobQueue queue = queue(1, 10);
        admitted(queue);
        assign(queue);
        RemoteJob<?> heavy = job(HEAVY_BYTES);
        assertTrue(queue.admit(heavy, false));
        admitted(queue);
        assertEquals(List.of(), take(queue, workers.getFirst(), 0, 10));
        assertEquals(heavy, take(queue, workers.getFirst(), 1, 10).getFirst());
    }

    @Test
    void whatIsPutBackIsTheFirstOfTheQueueAgain() {
        JobQueue queue = queue(1, 10);
        List<RemoteJob<?>> jobs = List.of(admitted(queue), admitted(queue), admitted(queue), admitted(queue));
        assign(queue);
        Worker worker = workers.getFirst();
        List<RemoteJob<?>> taken = take(queue, worker, 0, 2);
        taken.reversed().forEach(job -> queue.putBack(worker, job));
        assertEquals(3, queued(queue));
        assertEquals(jobs.subList(1, 4), take(queue, worker, 1, 10));
    }

    @Test
    void whatIsPutBackGoesToAnotherWorkerThatIsFree() {
        JobQueue queue = queue(2, 10);
        admitted(queue);
        admitted(queue);
        assign(queue);
        Worker first = workers.getFirst();
        Worker second = workers.getLast();
        admitted(queue);
        RemoteJob<?> moved = take(queue, first, 0, 10).getFirst();
        take(queue, second, 1, 10);
        int before = calls;
        queue.putBack(first, moved);
        assertEquals(before + 1, calls);
        assign(queue);
        assertEquals(moved, second.begun.getLast());
    }

    @Test
    void cancelledOneThatIsPutBackLeavesTheQueue() {
        JobQueue queue = queue(1, 10);
        admitted(queue);
        admitted(queue);
        assign(queue);
        Worker worker = workers.getFirst();
        RemoteJob<?> lost = take(queue, worker, 0, 10).getFirst();
        lost.cancel(false);
        queue.putBack(worker, lost);
        assertEquals(0, queued(queue));
        assertEquals(List.of(), take(queue, worker, 1, 10));
    }

    @Test
    void whoComesToAFullQueueGetsAPlaceWhenABatchIsDone() throws Exception {
        JobQueue queue = queue(1, 1);
        admitted(queue);
        assign(queue);
        admitted(queue);
        assertFalse(queue.admit(job(1), false));
        RemoteJob<?> late = job(1);
        var coming = new FutureTask<>(() -> queue.admit(late, true));
        Thread.ofPlatform().daemon().start(coming);
        while (!coming.isDone()) {
            Thread.onSpinWait();
            take(queue, workers.getFirst(), busy(queue), 1);
        }
        assertTrue(coming.get());
    }

    @Test
    void cancelledWaitForAPlaceHasNotLeftTheJob() {
        JobQueue queue = queue(1, 0);
        admitted(queue);
        assign(queue);
        Thread.currentThread().interrupt();
        assertThrows(CancelledException.class, () -> queue.admit(job(1), true));
        assertTrue(Thread.interrupted());
        assertEquals(List.of(), take(queue, workers.getFirst(), 1, 10));
    }

    @Test
    void afterAShutdownIdleWorkersEndAndTheOthersWhenTheQueueIsEmpty() {
        JobQueue queue = queue(2, 10);
        admitted(queue);
        admitted(queue);
        assign(queue);
        take(queue, workers.getFirst(), 1, 1);
        queue.shutdown();
        assertThrows(RejectedExecutionException.class, () -> queue.admit(job(1), true));
        assign(queue);
        assertTrue(workers.getFirst().ended);
        assertEquals(JobQueue.Next.END, queue.exchange(workers.getLast(), 1, 1, new ArrayList<>()));
        assertFalse(queue.terminated().isSet());
        workers.forEach(worker -> assertNull(queue.nextOrLeave(worker, 0)));
        assertTrue(queue.terminated().isSet());
        assertTrue(queue.isDeserted());
    }

    @Test
    void drainGivesWhatWaitsAndWhatWasTakenAhead() {
        JobQueue queue = queue(1, 10);
        List<RemoteJob<?>> jobs = List.of(admitted(queue), admitted(queue), admitted(queue));
        assign(queue);
        take(queue, workers.getFirst(), 0, 1);
        assertEquals(List.of(jobs.get(2), jobs.get(1)), queue.drain());
        assertFalse(queue.terminated().isSet());
    }

    @Test
    void crewThatHasComeDownFailsAll() {
        JobQueue queue = queue(1, 10);
        List<RemoteJob<?>> jobs = List.of(admitted(queue), admitted(queue));
        assign(queue);
        queue.abandon(new IllegalStateException("down"));
        assertTrue(jobs.stream().allMatch(RemoteJob::isDone));
        assertEquals(0, busy(queue));
    }

    @Test
    void jobThatHasWaitedForRoomGoesToAnIdleWorker() throws Exception {
        JobQueue queue = queue(2, 1);
        admitted(queue);
        admitted(queue);
        assign(queue);
        Worker busy = workers.getFirst();
        Worker idle = workers.getLast();
        queue.admitUnbounded(job(1));
        queue.admitUnbounded(job(1));
        queue.admitUnbounded(job(1));
        assertEquals(2, take(queue, busy, 0, 2).size());
        assertEquals(1, take(queue, idle, 1, 1).size());
        take(queue, idle, 1, 1);
        assign(queue);
        RemoteJob<?> late = job(1);
        var coming = new FutureTask<>(() -> queue.admit(late, true));
        Thread thread = Thread.ofPlatform().daemon().start(coming);
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        int before = calls;
        take(queue, busy, 1, 0);
        assertTrue(coming.get());
        assertEquals(before + 1, calls);
        assign(queue);
        assertEquals(late, idle.begun.getLast());
    }

    @Test
    void whoWaitsForRoomWhileTheCrewComesDownIsTakenInByTheNextCrew() throws Exception {
        JobQueue queue = queue(1, 0);
        admitted(queue);
        assign(queue);
        RemoteJob<?> late = job(1);
        var coming = new FutureTask<>(() -> queue.admit(late, true));
        Thread thread = Thread.ofPlatform().daemon().start(coming);
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        queue.abandon(new IllegalStateException("down"));
        assertTrue(coming.get());
        assertFalse(late.isDone());
        assertEquals(2, calls);
        assign(queue);
        assertEquals(List.of(late), workers.getLast().begun);
    }

    @Test
    void whileNobodyCanBeHiredJobsWaitForTheWorkersThatAreThere() {
        JobQueue queue = queue(2, 10);
        admitted(queue);
        assign(queue);
        barred = true;
        RemoteJob<?> second = admitted(queue);
        assign(queue);
        assertEquals(List.of(), queue.takeHopeless());
        assertEquals(List.of(second), take(queue, workers.getFirst(), 1, 1));
    }

    @Test
    void jobOfAWorkerThatGetsNoChildIsForTheOthers() {
        JobQueue queue = queue(2, 10);
        admitted(queue);
        RemoteJob<?> unlucky = admitted(queue);
        RemoteJob<?> next = admitted(queue);
        assign(queue);
        assertTrue(queue.hasSeveralWorkers());
        barred = true;
        assertTrue(queue.putBack(workers.getLast(), unlucky));
        queue.leave(workers.getLast(), 0);
        assign(queue);
        assertFalse(queue.hasSeveralWorkers());
        assertEquals(List.of(unlucky), take(queue, workers.getFirst(), 1, 1));
        assertEquals(List.of(next), take(queue, workers.getFirst(), 1, 1));
    }

    @Test
    void whereNoWorkerIsLeftNorToBeHiredOnlyWhatMayBeTriedAgainWaits() {
        JobQueue queue = queue(2, 10);
        barred = true;
        RemoteJob<?> once = admitted(queue);
        RemoteJob<?> often = new RemoteJob<>(Output.of(new byte[1]), marshaller, 2);
        assertTrue(queue.admit(often, false));
        assign(queue);
        assertEquals(List.of(once), queue.takeHopeless());
        barred = false;
        assign(queue);
        assertEquals(List.of(often), workers.getFirst().begun);
    }

    @Test
    void whatIsDoneIsCountedBeforeItsWorkerSaysSo() {
        JobQueue queue = queue(1, 10);
        RemoteJob<?> job = admitted(queue);
        admitted(queue);
        assign(queue);
        take(queue, workers.getFirst(), 0, 1);
        job.fail(new IllegalStateException("done"));
        ProcessPoolStatistics now = queue.statistics(0, 0, 0, 0);
        assertEquals(List.of(1L, 1L, 0L), List.of(now.done(), (long) now.busy(), (long) now.queued()));
    }

    @Test
    void drainGivesWhatIsBehindACancelledOneThatStillRuns() {
        JobQueue queue = queue(1, 10);
        List<RemoteJob<?>> jobs = List.of(admitted(queue), admitted(queue));
        assign(queue);
        take(queue, workers.getFirst(), 0, 1);
        jobs.getFirst().cancel(false);
        assertEquals(jobs.subList(1, 2), queue.drain());
    }

    @Test
    void afterADrainNothingIsPutBack() {
        JobQueue queue = queue(1, 10);
        admitted(queue);
        assign(queue);
        RemoteJob<?> ahead = admitted(queue);
        take(queue, workers.getFirst(), 0, 1);
        queue.drain();
        assertFalse(queue.putBack(workers.getFirst(), ahead));
        assertEquals(0, queued(queue));
    }

    @Test
    void endIsToldAfterThatOfTheJobs() {
        JobQueue queue = queue(1, 10);
        RemoteJob<?> job = admitted(queue);
        List<Boolean> ended = new ArrayList<>();
        job.onEnd(() -> ended.add(queue.terminated().isSet()));
        queue.shutdown();
        queue.abandon(new IllegalStateException("down"));
        assertEquals(List.of(false), ended);
        assertTrue(queue.terminated().isSet());
    }

    @Test
    void whoWaitsForRoomWhereNoFurtherCrewCanBeHadIsToldWhy() throws Exception {
        JobQueue queue = queue(1, 0);
        admitted(queue);
        assign(queue);
        RemoteJob<?> late = job(1);
        var coming = new FutureTask<>(() -> queue.admit(late, true));
        Thread thread = Thread.ofPlatform().daemon().start(coming);
        while (thread.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        threadless = true;
        queue.abandon(new IllegalStateException("down"));
        assertTrue(coming.get());
        assertInstanceOf(OutOfMemoryError.class, assertThrows(ExecutionException.class, late::get).getCause());
    }
}
