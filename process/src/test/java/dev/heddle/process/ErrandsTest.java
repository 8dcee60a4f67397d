package dev.heddle.process;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.conformance.LeavesNothing;
import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The works of a child, with the test in the child's place. */
@LeavesNothing
class ErrandsTest {

    private static final long GRACE = 200_000_000;

    /** A queue of works that are as short as any. */
    private static final class Queue implements Ahead {
        final ArrayDeque<Errand> works = new ArrayDeque<>();
        final ArrayDeque<Errand> dropped = new ArrayDeque<>();

        @Override
        public @Nullable Errand take(long had) {
            return works.pollFirst();
        }

        @Override
        public void putBack(Errand errand) {
            (errand.isUnwanted() ? dropped : works).addFirst(errand);
        }
    }

    private final Queue queue = new Queue();
    private final Intake childIntake = new Intake(1000);
    private SocketChannel child;
    private Link link;
    private Errands errands;

    @BeforeEach
    void connect() throws IOException {
        try (PrivateDirectory directory = PrivateDirectory.make(PrivateDirectory.OF_A_CHILD);
                ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            server.bind(UnixDomainSocketAddress.of(directory.socket()));
            child = SocketChannel.open(UnixDomainSocketAddress.of(directory.socket()));
            link = Link.of(server.accept(), 1000);
        }
        errands = new Errands(link, name -> name);
    }

    @AfterEach
    void close() throws IOException {
        child.close();
        link.close();
    }

    // ---- the child ----

    private Frame next() throws IOException {
        for (Frame frame = childIntake.next();; frame = childIntake.next()) {
            if (frame != null) {
                return frame;
            }
            childIntake.readFrom(child);
        }
    }

    private void answer(byte kind, long number) throws IOException {
        Outlet outlet = new Outlet(source -> child.write(source));
        outlet.put(kind, number, new byte[]{(byte) number});
        outlet.flush();
    }

    // ---- the parent ----

    private static Errand errand(int number) {
        return new Errand(Output.of(new byte[]{(byte) number}));
    }

    private FutureTask<@Nullable Frame> start(Errand errand) {
        var task = new FutureTask<>(() -> errands.await(errand, GRACE, queue));
        Thread.ofPlatform().daemon().start(task);
        return task;
    }

    /** As if the works until now had been as short as can be. */
    private void warm() {
        errands = new Errands(link, name -> name, 1);
    }

    /** Has it give works 1 to n, of which the first has its turn. */
    private List<Errand> give(int count) {
        List<Errand> all = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
            all.add(errand(i));
        }
        queue.works.addAll(all.subList(1, count));
        return all;
    }

    @Test
    void aFirstWorkIsGivenAlone() throws Exception {
        queue.works.add(errand(2));
        var task = start(errand(1));
        Frame work = next();
        assertEquals(Frame.WORK, work.kind());
        assertArrayEquals(new byte[]{1}, work.content());
        answer(Frame.RESULT, work.number());
        assertNotNull(task.get());
        assertEquals(1, queue.works.size());
        assertEquals(1, errands.works());
    }

    @Test
    void shortWorksAreGivenAheadAndAnsweredInTheirTurn() throws Exception {
        warm();
        List<Errand> all = give(4);
        var first = start(all.getFirst());
        List<Frame> works = List.of(next(), next(), next(), next());
        for (Frame work : works) {
            answer(Frame.RESULT, work.number());
        }
        assertEquals(works.getFirst().number(), assertFrame(first.get()).number());
        for (int i = 1; i < 4; i++) {
            assertEquals(works.get(i).number(), assertFrame(start(all.get(i)).get()).number());
        }
        assertTrue(queue.works.isEmpty());
    }

    private static Frame assertFrame(@Nullable Frame frame) {
        assertNotNull(frame);
        return frame;
    }

    @Test
    void thoseBehindALongWorkAreWantedBackAndTheQueueHasThemInOrder() throws Exception {
        warm();
        List<Errand> all = give(4);
        var first = start(all.getFirst());
        List<Frame> works = List.of(next(), next(), next(), next());
        assertEquals(Frame.RECALL, next().kind());
        for (Frame work : works.subList(1, 4).reversed()) {
            answer(Frame.RETURNED, work.number());
        }
        answer(Frame.RESULT, works.getFirst().number());
        assertNotNull(first.get());
        assertEquals(all.subList(1, 4), List.copyOf(queue.works));
        assertFalse(all.get(1).isGiven());
    }

    @Test
    void aWorkThatIsGivenBackInItsTurnIsGivenAgain() throws Exception {
        var task = start(errand(1));
        Frame work = next();
        answer(Frame.RETURNED, work.number());
        Frame again = next();
        assertEquals(Frame.WORK, again.kind());
        assertTrue(again.number() > work.number());
        answer(Frame.RESULT, again.number());
        assertNotNull(task.get());
        assertEquals(1, errands.works());
    }

    @Test
    void anUnwantedWorkBehindIsCancelledAtOnce() throws Exception {
        warm();
        List<Errand> all = give(2);
        var first = start(all.getFirst());
        Frame one = next();
        Frame two = next();
        all.get(1).unwant();
        Frame cancel = next();
        while (cancel.kind() == Frame.RECALL) {
            cancel = next();
        }
        assertEquals(Frame.CANCEL, cancel.kind());
        assertEquals(two.number(), cancel.number());
        answer(Frame.RETURNED, two.number());
        answer(Frame.RESULT, one.number());
        assertNotNull(first.get());
        assertEquals(List.of(all.get(1)), List.copyOf(queue.dropped));
    }

    @Test
    void aCancelledWorkThatHasNotBegunHasNoAnswer() throws Exception {
        Errand errand = errand(1);
        var task = new FutureTask<>(() -> errands.await(errand, GRACE, queue));
        Thread thread = Thread.ofPlatform().daemon().start(task);
        Frame work = next();
        thread.interrupt();
        assertEquals(Frame.CANCEL, next().kind());
        answer(Frame.RETURNED, work.number());
        assertNull(task.get());
    }

    @Test
    void aCancelledWorkThatDoesNotEndIsGivenUpAfterTheGrace() throws Exception {
        Thread.currentThread().interrupt();
        assertThrows(Errands.GivenUp.class, () -> errands.await(errand(1), GRACE, queue));
        assertFalse(Thread.interrupted());
    }

    @Test
    void whatTheChildHasAnsweredBeforeItsDeathCountsAndTheRestIsPutBack() throws Exception {
        warm();
        List<Errand> all = give(5);
        var first = start(all.getFirst());
        List<Frame> works = List.of(next(), next(), next(), next(), next());
        answer(Frame.RESULT, works.get(0).number());
        answer(Frame.RESULT, works.get(1).number());
        child.close();
        assertNotNull(first.get());
        assertNotNull(start(all.get(1)).get());
        assertThrows(EOFException.class, () -> errands.await(all.get(2), GRACE, queue));
        errands.putBackAll();
        assertEquals(all.subList(3, 5), List.copyOf(queue.works));
        assertFalse(all.get(2).isGiven());
    }

    @Test
    void anAnswerOutOfTurnIsAnError() throws Exception {
        warm();
        List<Errand> all = give(2);
        FutureTask<Throwable> task = new FutureTask<>(
                () -> assertThrows(IOException.class, () -> errands.await(all.getFirst(), GRACE, queue)));
        Thread.ofPlatform().daemon().start(task);
        next();
        answer(Frame.RESULT, next().number());
        assertTrue(String.valueOf(task.get().getMessage()).contains("nobody expects"));
    }
}
