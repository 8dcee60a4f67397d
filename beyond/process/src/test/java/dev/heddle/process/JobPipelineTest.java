package dev.heddle.process;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.process.internal.codec.Frame;
import dev.heddle.process.internal.codec.MessageKind;
import dev.heddle.process.internal.codec.Output;
import dev.heddle.process.internal.work.Marshaller;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The jobs of a child, with the test in the places of the child, the queue and the clock. */
final class JobPipelineTest {

    private static final long GRACE = 200_000_000;
    private static final long LONG = 2_000_000;
    private static final String CHILD = "the child";

    private final Marshaller marshaller = Marshaller.of(1_000, List.of());
    private final ArrayDeque<Frame> sent = new ArrayDeque<>();
    private final ArrayDeque<RemoteJob<?>> queue = new ArrayDeque<>();
    private final JobPipeline pipeline = new Child();
    private long now = 1;
    private long lookAt;
    private int ended;
    private boolean killed;

    /** The child and the queue. */
    private final class Child extends JobPipeline {

        Child() {
            super(GRACE);
        }

        @Override
        long pid() {
            return 0;
        }

        @Override
        void send(MessageKind kind, long number, Output content) {
            sent.add(new Frame(kind, number, content.toBytes()));
        }

        @Override
        void lookAt(long nanoTime) {
            lookAt = nanoTime;
        }

        @Override
        long nanoTime() {
            return now;
        }

        @Override
        void kill() {
            killed = true;
        }

        @Override
        JobQueue.Next exchange(int count, int most, List<RemoteJob<?>> into) {
            ended += count;
            while (into.size() < most && !queue.isEmpty()) {
                into.add(queue.removeFirst());
            }
            return JobQueue.Next.WORK;
        }

        @Override
        void putBack(RemoteJob<?> job) {
            if (!job.isUnwanted()) {
                queue.addFirst(job);
            }
        }
    }

    @BeforeEach
    void open() {
        pipeline.open();
    }

    private Frame next() {
        return sent.removeFirst();
    }

    private void answer(MessageKind kind, long number) throws IOException {
        pipeline.take(new Frame(kind, number, new byte[]{(byte) number}), CHILD);
    }

    private void pass(long nanos) {
        long end = now + nanos;
        while (lookAt > now && lookAt <= end) {
            now = lookAt;
            pipeline.look();
        }
        now = end;
    }

    private RemoteJob<?> job(int number) {
        return new RemoteJob<Object>(Output.of(new byte[]{(byte) number}), marshaller, 1) {
            @Override
            protected void unwanted(boolean hurry) {
                JobPipeline mine = holder;
                if (mine != null) {
                    mine.unwanted(this, hurry);
                }
            }
        };
    }

    /** As if the jobs until now had been as short as can be. */
    private void warm() {
        pipeline.expect(1);
    }

    /** Has it given jobs 1 to n, of which the first has its turn. */
    private List<RemoteJob<?>> give(int count) {
        List<RemoteJob<?>> all = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            all.add(job(i));
        }
        queue.addAll(all.subList(1, count));
        pipeline.give(all.getFirst());
        pipeline.settle();
        return all;
    }

    private List<Frame> works(int count) {
        List<Frame> works = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            works.add(next());
            assertEquals(MessageKind.WORK, works.getLast().kind());
        }
        return works;
    }

    @Test
    void firstJobIsGivenAlone() throws IOException {
        List<RemoteJob<?>> all = give(2);
        Frame work = works(1).getFirst();
        assertArrayEquals(new byte[]{1}, work.content());
        assertEquals(1, queue.size());
        assertEquals(1, pipeline.jobs());
        assertTrue(sent.isEmpty());
        answer(MessageKind.RESULT, work.number());
        assertTrue(all.getFirst().isDone());
    }

    @Test
    void shortJobsAreGivenAheadAndAnsweredInTheirTurn() throws IOException {
        warm();
        List<RemoteJob<?>> all = give(4);
        for (Frame work : works(4)) {
            answer(MessageKind.RESULT, work.number());
            assertTrue(all.get(work.content()[0] - 1).isDone());
        }
        pipeline.settle();
        assertTrue(queue.isEmpty());
        assertEquals(4, ended);
    }

    @Test
    void nextOnesAreGivenWhenHalfIsDoneAndNotForEach() throws IOException {
        warm();
        give(100);
        List<Frame> works = works(32);
        for (int i = 0; i < 15; i++) {
            answer(MessageKind.RESULT, works.get(i).number());
            pipeline.settle();
        }
        assertTrue(sent.isEmpty());
        answer(MessageKind.RESULT, works.get(15).number());
        pipeline.settle();
        works(16);
        assertEquals(16, ended);
    }

    @Test
    void thoseBehindALongJobAreWantedBackAndTheQueueHasThemInOrder() throws IOException {
        warm();
        List<RemoteJob<?>> all = give(4);
        List<Frame> works = works(4);
        pass(LONG - 1);
        assertTrue(sent.isEmpty());
        pass(1);
        assertEquals(MessageKind.RECALL, next().kind());
        for (Frame work : works.subList(1, 4).reversed()) {
            answer(MessageKind.RETURNED, work.number());
        }
        assertEquals(all.subList(1, 4), List.copyOf(queue));
        assertNull(all.get(1).holder);
        answer(MessageKind.RESULT, works.getFirst().number());
        assertTrue(all.getFirst().isDone());
    }

    @Test
    void roomForOthersIsToldWhenALongJobBegins() throws IOException {
        warm();
        give(10);
        List<Frame> works = works(10);
        for (int i = 0; i < 3; i++) {
            answer(MessageKind.RESULT, works.get(i).number());
        }
        pass(LONG);
        assertEquals(3, ended);
    }

    @Test
    void jobThatIsGivenBackInItsTurnIsGivenAgain() throws IOException {
        RemoteJob<?> job = give(1).getFirst();
        Frame work = works(1).getFirst();
        answer(MessageKind.RETURNED, work.number());
        pipeline.settle();
        Frame again = works(1).getFirst();
        assertTrue(again.number() > work.number());
        answer(MessageKind.RESULT, again.number());
        assertTrue(job.isDone());
        assertEquals(1, pipeline.jobs());
    }

    @Test
    void unwantedJobBehindIsCancelledAtOnce() throws IOException {
        warm();
        List<RemoteJob<?>> all = give(2);
        List<Frame> works = works(2);
        all.get(1).cancel(true);
        Frame cancel = next();
        assertEquals(MessageKind.CANCEL, cancel.kind());
        assertEquals(works.get(1).number(), cancel.number());
        answer(MessageKind.RETURNED, works.get(1).number());
        answer(MessageKind.RESULT, works.get(0).number());
        assertTrue(all.getFirst().isDone());
        assertTrue(queue.isEmpty());
        assertFalse(killed);
    }

    @Test
    void oneThatBeginsWhileItIsCancelledHasTheGraceFromItsTurnOn() throws IOException {
        warm();
        List<RemoteJob<?>> all = give(2);
        List<Frame> works = works(2);
        all.get(1).cancel(true);
        pass(GRACE);
        answer(MessageKind.RESULT, works.get(0).number());
        pass(GRACE - 1);
        assertFalse(killed);
        pass(1);
        assertTrue(killed);
    }

    @Test
    void cancelOfTheJobThatRunsTakesThoseBehindBackFirst() {
        warm();
        List<RemoteJob<?>> all = give(2);
        List<Frame> works = works(2);
        all.getFirst().cancel(true);
        assertEquals(MessageKind.RECALL, next().kind());
        assertEquals(works.get(0).number(), next().number());
    }

    @Test
    void cancelWithoutInterruptLetsTheJobThatRunsEnd() throws IOException {
        RemoteJob<?> job = give(1).getFirst();
        Frame work = works(1).getFirst();
        job.cancel(false);
        pass(2 * GRACE);
        assertTrue(sent.isEmpty());
        assertFalse(killed);
        answer(MessageKind.RESULT, work.number());
        assertTrue(job.isCancelled());
    }

    @Test
    void cancelledJobThatHasNotBegunHasNoAnswer() throws IOException {
        RemoteJob<?> job = give(1).getFirst();
        Frame work = works(1).getFirst();
        pipeline.hurry();
        assertEquals(MessageKind.CANCEL, next().kind());
        job.cancel(true);
        answer(MessageKind.RETURNED, work.number());
        pipeline.settle();
        assertTrue(job.isCancelled());
        assertTrue(sent.isEmpty());
        assertTrue(queue.isEmpty());
    }

    @Test
    void cancelledJobThatDoesNotEndIsGivenUpAfterTheGrace() {
        give(1).getFirst().cancel(true);
        pass(GRACE - 1);
        assertFalse(killed);
        pass(1);
        assertTrue(killed);
    }

    /** Its answer and the kill may cross. */
    @Test
    void childThatIsKilledGetsNothingMoreWhateverItHasAnswered() throws IOException {
        warm();
        List<RemoteJob<?>> all = give(1);
        Frame work = works(1).getFirst();
        all.getFirst().cancel(true);
        pass(GRACE);
        assertTrue(killed);
        sent.clear();
        queue.add(job(2));
        answer(MessageKind.RESULT, work.number());
        pipeline.settle();
        assertEquals(List.of(), List.copyOf(sent));
        assertEquals(1, queue.size());
        assertNull(pipeline.lose());
    }

    @Test
    void jobBehindTheOneThatAChildIsKilledForWasNotToldToEnd() throws IOException {
        warm();
        List<RemoteJob<?>> all = give(3);
        List<Frame> works = works(3);
        all.getFirst().cancel(true);
        pass(GRACE);
        assertTrue(killed);
        answer(MessageKind.RESULT, works.getFirst().number());
        pipeline.settle();
        assertSame(all.get(1), pipeline.lose()); // it may have begun
        assertFalse(all.get(1).told);
        assertTrue(all.getFirst().told);
        assertEquals(List.of(all.get(2)), List.copyOf(queue));
    }

    @Test
    void jobThatWasCancelledBeforeItIsGivenIsNotGiven() {
        RemoteJob<?> job = job(1);
        job.cancel(true);
        pipeline.give(job);
        assertTrue(sent.isEmpty());
        assertEquals(0, pipeline.jobs());
    }

    @Test
    void whatTheChildHasAnsweredBeforeItsDeathCountsAndTheRestIsPutBack() throws IOException {
        warm();
        List<RemoteJob<?>> all = give(5);
        List<Frame> works = works(5);
        answer(MessageKind.RESULT, works.get(0).number());
        answer(MessageKind.RESULT, works.get(1).number());
        assertSame(all.get(2), pipeline.lose());
        assertTrue(all.get(0).isDone());
        assertTrue(all.get(1).isDone());
        assertEquals(all.subList(3, 5), List.copyOf(queue));
        assertNull(all.get(2).holder);
        assertEquals(2, pipeline.takeEnded());
    }

    @Test
    void answerOutOfTurnIsAnError() {
        warm();
        give(2);
        List<Frame> works = works(2);
        IOException e = assertThrows(IOException.class, () -> answer(MessageKind.RESULT, works.get(1).number()));
        assertTrue(e.getMessage().contains("nobody expects"), e.getMessage());
    }

    @Test
    void answerThatCannotBeReadFailsTheOneWhoAsks() throws IOException {
        RemoteJob<?> job = give(1).getFirst();
        answer(MessageKind.FAILURE, works(1).getFirst().number());
        assertTrue(job.isDone());
        assertInstanceOf(
                RemoteFailedException.class, assertThrows(ExecutionException.class, job::get).getCause());
    }
}
