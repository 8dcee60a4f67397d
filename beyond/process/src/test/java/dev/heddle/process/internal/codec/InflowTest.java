package dev.heddle.process.internal.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Work that is decoded while it comes. */
@Timeout(30)
final class InflowTest {

    private static final int MAX_BYTES = 10_000_000;
    private static final Codec CODEC = new Codec(MAX_BYTES, List.of());
    private static final ClassLoader LOADER = InflowTest.class.getClassLoader();

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    /** Brings some bytes, cut anyhow. */
    private static void bring(Inflow inflow, byte[] bytes, int from, int to, Random random) {
        for (int at = from; at < to;) {
            int count = Math.min(to - at, random.nextInt(1, 100_000));
            var buffer = ByteBuffer.allocateDirect(count + 7).put(bytes, at, count).flip();
            inflow.add(buffer, count);
            assertFalse(buffer.hasRemaining());
            at += count;
        }
    }

    /** Values of all kinds that are longer than a window, among short ones. */
    private static List<Object> values() {
        var random = new Random(7);
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            texts.add("text " + i);
        }
        boolean[] flags = new boolean[100_000];
        flags[70_000] = true;
        return List.of("a", random(1_000_000), 3, random.ints(200_000).toArray(), random.longs(70_000).toArray(), 2L,
                random.doubles(50_001).toArray(), "x".repeat(300_000), "half \uD83D " + "y".repeat(99_999), flags,
                random(65_536), random(65_535), random(1), random(0), texts, new char[40_000], new short[90_001],
                new float[33_333], random.ints(100_000).boxed().toList(), "end");
    }

    private static void requireEqual(List<?> expected, Object value) {
        assertTrue(Arrays.deepEquals(expected.toArray(), ((List<?>) value).toArray()));
    }

    @Test
    void valueIsDecodedFromWhatHasCome() {
        byte[] bytes = CODEC.encode("it", false, values());
        var inflow = new Inflow(bytes.length);
        bring(inflow, bytes, 0, bytes.length, new Random(1));
        requireEqual(values(), CODEC.decode(inflow, false, LOADER));
        assertTrue(inflow.finish());
    }

    @Test
    void valueIsDecodedWhileItComes() {
        byte[] bytes = CODEC.encode("it", false, values());
        for (int seed = 0; seed < 20; seed++) {
            var random = new Random(seed);
            var inflow = new Inflow(bytes.length);
            CompletableFuture<Object> value = CompletableFuture.supplyAsync(() -> CODEC.decode(inflow, false, LOADER));
            for (int at = 0; at < bytes.length;) {
                int to = Math.min(bytes.length, at + random.nextInt(1, 500_000));
                bring(inflow, bytes, at, to, random);
                Thread.onSpinWait();
                at = to;
            }
            requireEqual(values(), value.join());
        }
    }

    @Test
    void longArrayGrowsWhileItComes() {
        List<Object> values = new ArrayList<>(values());
        values.add(random(MAX_BYTES / 4));
        values.add(texts(100_000));
        byte[] bytes = CODEC.encode("it", false, values);
        for (int maxAwaited : new int[]{1, 70_000, 1_000_000, MAX_BYTES}) {
            var inflow = new Inflow(bytes.length, Long.MAX_VALUE, maxAwaited);
            CompletableFuture<Object> value = CompletableFuture.supplyAsync(() -> CODEC.decode(inflow, false, LOADER));
            bring(inflow, bytes, 0, bytes.length, new Random(maxAwaited));
            requireEqual(values, value.join());
        }
    }

    private static Object[] texts(int count) {
        Object[] texts = new String[count];
        Arrays.setAll(texts, i -> "text " + i);
        return texts;
    }

    @Test
    void whatIsOnlySaidToComeGetsNoMoreRoomThanIsAllowed() {
        var in = new Input(new Inflow(Integer.MAX_VALUE, Long.MAX_VALUE, 800_000));
        assertEquals(800_000, ((byte[]) in.begin(byte.class, 2_000_000_000, Byte.BYTES)).length);
        assertEquals(100_000, ((long[]) in.begin(long.class, 200_000_000, Long.BYTES)).length);
        assertEquals(70_000, ((long[]) in.begin(long.class, 70_000, Long.BYTES)).length);
        assertEquals(6, ((int[]) in.grow(new int[3], 7)).length);
        assertEquals(7, ((int[]) in.grow(new int[6], 7)).length);
    }

    @Test
    void whatWasEncodedBeforeStandsBehindTheRestWhereverItIs() {
        byte[] first = CODEC.encode("it", false, values());
        byte[] second = CODEC.encode("it", false, "short");
        List<Object> value = List.of(1, Encoded.of(first, 0, first.length), "between",
                Encoded.of(second, 0, second.length), "end");
        byte[] bytes = CODEC.encode("it", false, value);
        var inflow = new Inflow(bytes.length);
        bring(inflow, bytes, 0, bytes.length, new Random(2));
        for (Object each : List.of(
                assertPresent(CODEC.decode(bytes, 0, false, LOADER)),
                assertPresent(CODEC.decode(inflow, false, LOADER)))) {
            List<?> copy = (List<?>) each;
            assertEquals("between", copy.get(2));
            assertEquals("end", copy.get(4));
            assertEquals("short", ((Encoded) copy.get(3)).decode(CODEC, false, LOADER));
            var encoded = (Encoded) copy.get(1);
            requireEqual(values(), encoded.decode(CODEC, false, LOADER));
            assertThrows(IllegalStateException.class, () -> encoded.decode(CODEC, false, LOADER));
        }
    }

    private static Object assertPresent(Object value) {
        assertNotNull(value);
        return value;
    }

    @Test
    void whatIsBeforeIsThereBeforeWhatWasEncodedHasCome() {
        byte[] late = CODEC.encode("it", false, random(1_000_000));
        byte[] bytes = CODEC.encode("it", false, List.of(Encoded.of(late, 0, late.length), "before"));
        var inflow = new Inflow(bytes.length);
        bring(inflow, bytes, 0, 200_000, new Random(3));
        List<?> copy = (List<?>) CODEC.decode(inflow, false, LOADER);
        assertEquals("before", copy.get(1));
        CompletableFuture<Object> value = CompletableFuture
                .supplyAsync(() -> ((Encoded) copy.get(0)).decode(CODEC, false, LOADER));
        bring(inflow, bytes, 200_000, bytes.length, new Random(4));
        assertArrayEquals(random(1_000_000), (byte[]) value.join());
    }

    @Test
    void whoWaitsForWhatDoesNotComeHearsIt() {
        byte[] bytes = CODEC.encode("it", false, List.of("a", random(1_000_000)));
        for (int come : new int[]{0, 1, 5, 500_000, bytes.length - 1}) {
            var inflow = new Inflow(bytes.length);
            CompletableFuture<Object> value = CompletableFuture.supplyAsync(() -> CODEC.decode(inflow, false, LOADER));
            bring(inflow, bytes, 0, come, new Random(5));
            inflow.drop();
            assertTrue(
                    assertThrows(CompletionException.class, value::join).getCause() instanceof UnreadableException);
            assertFalse(inflow.finish());
        }
    }

    @Test
    void bytesBehindTheValueAndLengthsBeyondTheEndAreRefused() {
        byte[] bytes = CODEC.encode("it", false, random(200_000));
        byte[] more = Arrays.copyOf(bytes, bytes.length + 1);
        var inflow = new Inflow(more.length);
        bring(inflow, more, 0, more.length, new Random(6));
        assertThrows(UnreadableException.class, () -> CODEC.decode(inflow, false, LOADER));
        for (byte tag : new byte[]{Tag.BYTES, Tag.INTS, Tag.LONGS, Tag.LIST, Tag.STRING, Tag.ENCODED, Tag.PARCEL}) {
            byte[] junk = random(200_000);
            junk[0] = tag;
            Arrays.fill(junk, 1, 5, (byte) 0xff);
            junk[5] = 7;
            var wrong = new Inflow(junk.length);
            bring(wrong, junk, 0, junk.length, new Random(7));
            assertThrows(UnreadableException.class, () -> CODEC.decode(wrong, false, LOADER));
        }
    }

    /** What becomes of a value: its bytes when it is encoded again, or what was thrown. */
    private static String outcome(Supplier<@Nullable Object> value) {
        try {
            return HexFormat.of().formatHex(CODEC.encode("it", false, value.get()));
        } catch (RuntimeException e) {
            return e.getClass().getName();
        }
    }

    @Test
    void damagedValueIsReadAsIfItHadComeAsAWhole() {
        byte[] sound = CODEC.encode("it", false, List.of(1, "text", List.of(2, 3), new int[20_000], "y".repeat(70_000),
                new double[]{1}, List.of("a", "b"), new byte[70_000], Map.of("key", 5L), "end"));
        for (int seed = 0; seed < 150; seed++) {
            var random = new Random(seed);
            byte[] bytes = sound.clone();
            for (int i = 0; i < 3; i++) {
                int at = random.nextBoolean() ? random.nextInt(40) : random.nextInt(bytes.length);
                bytes[at] = (byte) random.nextInt(seed % 2 == 0 ? 64 : 256);
            }
            var inflow = new Inflow(bytes.length);
            bring(inflow, bytes, 0, bytes.length, random);
            assertEquals(outcome(() -> CODEC.decode(bytes, 0, false, LOADER)),
                    outcome(() -> CODEC.decode(inflow, false, LOADER)), "seed " + seed);
            assertTrue(inflow.finish());
        }
    }

    @Test
    void valueThatHasComeIsNotPassedOn() {
        byte[] late = CODEC.encode("it", false, "late");
        byte[] bytes = CODEC.encode("it", false, Encoded.of(late, 0, late.length));
        Object come = CODEC.decode(bytes, 0, false, LOADER);
        assertThrows(IllegalStateException.class, () -> CODEC.encode("it", false, come));
    }

    @Test
    void endIsAwaitedThoughNothingIsWantedAndAnInterruptEndsNothing() throws InterruptedException {
        byte[] bytes = random(300_000);
        var inflow = new Inflow(bytes.length);
        bring(inflow, bytes, 0, 100_000, new Random(8));
        var whole = new CompletableFuture<Boolean>();
        Thread taker = Thread.ofPlatform().start(() -> whole.complete(inflow.finish()));
        taker.interrupt();
        bring(inflow, bytes, 100_000, bytes.length, new Random(9));
        assertTrue(whole.join());
        taker.join();
    }

    @Test
    void interruptOfWhoWaitsIsKeptForLater() throws InterruptedException {
        byte[] bytes = random(300_000);
        var inflow = new Inflow(bytes.length);
        byte[] target = new byte[bytes.length];
        var interrupted = new CompletableFuture<Boolean>();
        Thread taker = Thread.ofPlatform().start(() -> {
            inflow.read(target, 0, target.length);
            interrupted.complete(Thread.interrupted());
        });
        taker.interrupt();
        bring(inflow, bytes, 0, bytes.length, new Random(10));
        assertTrue(interrupted.join());
        taker.join();
        assertArrayEquals(bytes, target);
    }

    @Test
    void littleIsKeptWhereItIsTaken() throws InterruptedException {
        byte[] bytes = random(8_000_000);
        var inflow = new Inflow(bytes.length, Long.MAX_VALUE, MAX_BYTES);
        byte[] target = new byte[bytes.length];
        Thread taker = Thread.ofPlatform().start(() -> {
            for (int at = 0; at < target.length; at += 1000) {
                inflow.read(target, at, 1000);
            }
        });
        for (int at = 0; at < bytes.length; at += 50_000) {
            inflow.add(ByteBuffer.wrap(bytes, at, 50_000), 50_000);
            assertTrue(inflow.kept() <= 17 * 64 * 1024, inflow.kept() + " bytes");
        }
        taker.join();
        assertArrayEquals(bytes, target);
    }

    @Test
    void whoTakesNothingHoldsUpOthersForAMomentOnly() throws InterruptedException {
        byte[] bytes = random(8_000_000);
        var slow = new Inflow(bytes.length, 1_000_000, MAX_BYTES);
        bring(slow, bytes, 0, bytes.length, new Random(12));
        assertEquals(bytes.length, slow.kept());
        var hurried = new Inflow(bytes.length, Long.MAX_VALUE, MAX_BYTES);
        Thread bringer = Thread.ofPlatform().start(() -> bring(hurried, bytes, 0, bytes.length, new Random(12)));
        hurried.hurry();
        bringer.join();
        assertEquals(bytes.length, hurried.kept());
        var unread = new Inflow(bytes.length, Long.MAX_VALUE, MAX_BYTES);
        Thread other = Thread.ofPlatform().start(() -> bring(unread, bytes, 0, bytes.length, new Random(12)));
        assertTrue(unread.finish());
        other.join();
    }

    @Test
    void moreThanWasSaidIsRefused() {
        var inflow = new Inflow(10);
        inflow.add(ByteBuffer.allocate(10), 10);
        assertThrows(IndexOutOfBoundsException.class, () -> inflow.add(ByteBuffer.allocate(1), 1));
    }
}
