package dev.heddle.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Putting segments in order again. */
final class ReceiveSideTest {

    private static final String MESSAGE = "abcdefg";

    private final ReceiveSide receiving = new ReceiveSide();

    @Test
    void everyOrderOfFourSegmentsGivesTheSameBytes() {
        List<Segment> segments = segments(2);
        assertEquals(4, segments.size());
        for (List<Segment> order : permutations(segments)) {
            ReceiveSide side = new ReceiveSide();
            order.forEach(side::accept);
            assertEquals(MESSAGE, readAll(side));
        }
    }

    @Test
    void doubledSegmentsAreReadOnceWhereverTheyArrive() {
        for (List<Segment> order : permutations(segments(3))) {
            ReceiveSide side = new ReceiveSide();
            for (Segment each : order) {
                side.accept(each);
                order.forEach(side::accept);
            }
            order.forEach(side::accept);
            assertEquals(MESSAGE, readAll(side));
        }
    }

    @Test
    void endThatOvertakesBytesIsSeenAfterThem() {
        Segment last = Segment.ending(MESSAGE.length(), Segment.End.FINISH);
        receiving.accept(last);
        assertFalse(receiving.isFinished());
        segments(4).forEach(receiving::accept);
        assertTrue(receiving.isFinished());
        assertEquals(MESSAGE, readAll(receiving));
    }

    @Test
    void resetAfterAnEndIsSeenInAnyOrder() {
        Segment finish = Segment.ending(0, Segment.End.FINISH);
        Segment reset = Segment.ending(0, Segment.End.RESET);
        receiving.accept(finish);
        receiving.accept(reset);
        assertTrue(receiving.isReset());

        ReceiveSide other = new ReceiveSide();
        Segment byteBefore = new Segment(0, ByteBuffer.allocate(1), Segment.End.NONE);
        other.accept(Segment.ending(1, Segment.End.RESET));
        other.accept(Segment.ending(1, Segment.End.FINISH));
        other.accept(byteBefore);
        assertTrue(other.isReset());
    }

    @Test
    void limitLetsThroughExactlyItsBytes() {
        for (int limit = 0; limit <= MESSAGE.length(); limit++) {
            ReceiveSide side = new ReceiveSide();
            side.limitTo(limit);
            segments(3).forEach(side::accept);
            assertTrue(side.isAtLimit());
            assertEquals(MESSAGE.substring(0, limit), readAll(side));
        }
    }

    @Test
    void acceptTellsHowManyBytesBecameReadable() {
        List<Segment> segments = segments(3);
        assertEquals(0, receiving.accept(segments.get(1)));
        assertEquals(6, receiving.accept(segments.get(0)));
        assertEquals(0, receiving.accept(segments.get(0)));
        assertEquals(1, receiving.accept(segments.get(2)));
    }

    @Test
    void newsIsWhatWasNotReceivedBefore() {
        List<Segment> segments = segments(3);
        receiving.accept(segments.get(0));
        assertFalse(receiving.isNews(segments.get(0)));
        assertTrue(receiving.isNews(segments.get(1)));
        assertFalse(receiving.isNews(Segment.ending(3, Segment.End.FINISH)));
    }

    @Test
    void readTakesFromOneSegmentOnly() {
        segments(3).forEach(receiving::accept);
        assertEquals(3, receiving.read(ByteBuffer.allocate(100), Integer.MAX_VALUE));
        assertEquals(3, receiving.read(ByteBuffer.allocate(100), Integer.MAX_VALUE));
        assertEquals(1, receiving.read(ByteBuffer.allocate(100), Integer.MAX_VALUE));
        assertEquals(0, receiving.read(ByteBuffer.allocate(100), Integer.MAX_VALUE));
    }

    @Test
    void smallTargetsTakeTheBytesBitByBit() {
        segments(4).forEach(receiving::accept);
        StringBuilder text = new StringBuilder();
        while (receiving.hasBytes()) {
            ByteBuffer target = ByteBuffer.allocate(3);
            int count = receiving.read(target, Integer.MAX_VALUE);
            assertTrue(count <= 3);
            text.append(new String(target.array(), 0, count, StandardCharsets.UTF_8));
        }
        assertEquals(MESSAGE, text.toString());
        assertEquals(MESSAGE.length(), receiving.readPosition());
    }

    private static List<Segment> segments(int size) {
        List<Segment> segments = new ArrayList<>();
        LinkOptions options = LinkOptions.INSTANT.withMtuBytes(size);
        new SendSide().send(ByteBuffer.wrap(MESSAGE.getBytes(StandardCharsets.UTF_8)), options, segments::add);
        return segments;
    }

    private static String readAll(ReceiveSide side) {
        ByteBuffer target = ByteBuffer.allocate(100);
        while (side.hasBytes()) {
            side.read(target, Integer.MAX_VALUE);
        }
        return new String(target.array(), 0, target.position(), StandardCharsets.UTF_8);
    }

    private static <T> List<List<T>> permutations(List<T> items) {
        if (items.isEmpty()) {
            return List.of(List.of());
        }
        List<List<T>> all = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            List<T> rest = new ArrayList<>(items);
            T first = rest.remove(i);
            for (List<T> tail : permutations(rest)) {
                List<T> order = new ArrayList<>(List.of(first));
                order.addAll(tail);
                all.add(order);
            }
        }
        return all;
    }
}
