package dev.heddle.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.internal.sight.BufferFigures;
import dev.heddle.internal.sight.Part;
import dev.heddle.internal.sight.Parts;
import dev.heddle.io.internal.BufferPool;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What counts for streams is seen from outside: meters, and the buffers of each loop. */
final class StreamsSeenTest {

    private static List<Part.View> views(String type) {
        return Parts.all().stream()
                .filter(part -> part.type().equals(type))
                .flatMap(part -> part.view().stream())
                .toList();
    }

    @Test
    void meterIsSeenWithTheBytesThatItHasCounted() {
        var meter = new ByteCounter();
        meter.read(4711);
        meter.wrote(12);
        assertEquals(
                1,
                views("meter").stream()
                        .filter(view -> view.figures().equals(new ByteCounter.Statistics(4711, 12)))
                        .count());
        Reference.reachabilityFence(meter);
    }

    @Test
    void buffersOfALoopAreSeenUntilItEnds() {
        Loop loop = Heddle.run(() -> {
            ByteBuffer borrowed = BufferPool.current().borrow();
            Part.View view = ofLoop(Heddle.currentLoop()).getFirst();
            assertEquals(new BufferFigures(1, 0, BufferPool.BUFFER_BYTES), view.figures());
            assertEquals(1 / 256.0, view.pressure());
            assertSame(Heddle.currentLoop(), view.loop());
            BufferPool.current().release(borrowed);
            assertEquals(new Buffers.Statistics(0, 1, BufferPool.BUFFER_BYTES), Buffers.statistics());
            return Heddle.currentLoop();
        });
        assertEquals(List.of(), ofLoop(loop));
    }

    private static List<Part.View> ofLoop(Loop loop) {
        return views("buffers").stream().filter(view -> view.loop() == loop).toList();
    }
}
