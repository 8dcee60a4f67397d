package dev.heddle.process.internal.codec;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.io.LimitExceededException;
import dev.heddle.process.CannotTravelException;
import dev.heddle.process.Format;
import dev.heddle.process.RemoteCallable;
import dev.heddle.process.RemoteFunction;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.MonthDay;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What travels between JVMs arrives equal, or is refused. */
final class CodecTest {

    private static final Codec CODEC = new Codec(1_000_000, List.of(MoneyFormat.class));
    private static final ClassLoader LOADER = CodecTest.class.getClassLoader();

    record Point(int x, double y, @Nullable String label) {}

    record Tree(String name, List<Tree> children) {}

    record Even(int value) {
        Even {
            if (value % 2 != 0) {
                throw new IllegalArgumentException("odd");
            }
        }
    }

    /** Not a type that travels by itself. */
    static final class Money {
        final String currency;
        final long cents;

        Money(String currency, long cents) {
            this.currency = currency;
            this.cents = cents;
        }
    }

    /** Packs it. */
    public static final class MoneyFormat implements Format<Money> {

        /** Made by each process. */
        public MoneyFormat() {}

        @Override
        public Class<Money> type() {
            return Money.class;
        }

        @Override
        public Object pack(Money money) {
            return List.of(money.currency, money.cents);
        }

        @Override
        public Money unpack(Object packed) {
            List<?> parts = (List<?>) packed;
            return new Money((String) parts.get(0), (Long) parts.get(1));
        }
    }

    private static @Nullable Object copy(@Nullable Object value) {
        return CODEC.decode(CODEC.encode("it", true, value), 0, true, LOADER);
    }

    static List<Object> values() {
        return List.of(
                true,
                (byte) -3,
                (short) 300,
                'ß',
                -7,
                Long.MIN_VALUE,
                1.5f,
                Double.NaN,
                "",
                "häß \uD83D\uDE00",
                "half a pair \uD83D",
                new BigInteger("-123456789012345678901234567890"),
                new BigDecimal("1.10"),
                Duration.ofMillis(1500),
                Instant.parse("2026-01-02T03:04:05.678Z"),
                LocalDate.of(2026, 2, 28),
                LocalTime.of(23, 59),
                LocalDateTime.of(2026, 2, 28, 23, 59),
                OffsetDateTime.of(2026, 2, 28, 23, 59, 1, 2, ZoneOffset.ofHours(-3)),
                OffsetTime.of(23, 59, 1, 2, ZoneOffset.ofHours(-3)),
                ZonedDateTime.ofLocal(
                        LocalDateTime.of(2026, 10, 25, 2, 30), ZoneId.of("Europe/Berlin"), ZoneOffset.ofHours(1)),
                Period.of(1, -2, 3),
                Year.of(2026),
                Year.of(-44),
                Year.of(12_345),
                YearMonth.of(12_345, 6),
                MonthDay.of(2, 29),
                ZoneOffset.ofHours(5),
                ZoneId.of("Europe/Berlin"),
                UUID.fromString("00000000-0000-0001-0000-000000000002"),
                URI.create("https://example.org/?a=b"),
                Path.of("/tmp/x"),
                Locale.GERMANY,
                DayOfWeek.FRIDAY,
                new Point(1, 2.5, null),
                new Tree("root", List.of(new Tree("leaf", List.of()))),
                List.of(1, "two", 3L),
                List.of(1, -2, Integer.MAX_VALUE),
                List.of(1L, Long.MIN_VALUE),
                List.of(0.5, Double.NaN, -0.0),
                List.of(1, 2, 3L),
                Arrays.asList(1, null, 3),
                "? why",
                "? half a pair \uDE00?",
                new ArrayList<>(Arrays.asList(1, null)),
                Set.of(1, 2, 3),
                Map.of("a", List.of(1), "b", List.of()),
                new TreeSet<>(Set.of("b", "a")),
                new TreeMap<>(Map.of("b", 1, "a", 2)),
                Optional.empty(),
                Optional.of("x"),
                ByteBuffer.wrap(new byte[]{1, 2, 3}));
    }

    @ParameterizedTest
    @MethodSource("values")
    void whatTravelsArrivesEqual(Object value) {
        assertEquals(value, copy(value));
    }

    @Test
    void nullTravels() {
        assertNull(copy(null));
    }

    @Test
    void arraysArriveEqual() {
        assertArrayEquals(new byte[]{1, -1}, (byte[]) copy(new byte[]{1, -1}));
        assertArrayEquals(new short[]{1, -1}, (short[]) copy(new short[]{1, -1}));
        assertArrayEquals(new char[]{'a'}, (char[]) copy(new char[]{'a'}));
        assertArrayEquals(new int[]{1, -1}, (int[]) copy(new int[]{1, -1}));
        assertArrayEquals(new long[]{1, -1}, (long[]) copy(new long[]{1, -1}));
        assertArrayEquals(new float[]{1, -1}, (float[]) copy(new float[]{1, -1}));
        assertArrayEquals(new double[]{1, -1}, (double[]) copy(new double[]{1, -1}));
        assertArrayEquals(new boolean[]{true, false}, (boolean[]) copy(new boolean[]{true, false}));
        assertArrayEquals(new String[]{"a", null}, (String[]) copy(new String[]{"a", null}));
        assertArrayEquals(new int[][]{{1}, {}}, (int[][]) copy(new int[][]{{1}, {}}));
        assertArrayEquals(new String[][]{{"a", null}, {}}, (String[][]) copy(new String[][]{{"a", null}, {}}));
    }

    @Test
    void bufferArrivesInItsByteOrder() {
        ByteBuffer little = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(0, 7);
        ByteBuffer copy = (ByteBuffer) copy(little);
        assertNotNull(copy);
        assertEquals(7, copy.getInt(0));
    }

    @Test
    void dequeArrivesInOrder() {
        ArrayDeque<?> deque = (ArrayDeque<?>) copy(new ArrayDeque<>(List.of(1, 2)));
        assertNotNull(deque);
        assertEquals(List.of(1, 2), List.copyOf(deque));
    }

    @Test
    void formatPacksWhatItIsFor() {
        Money money = (Money) copy(new Money("EUR", 250));
        assertNotNull(money);
        assertEquals("EUR 250", money.currency + " " + money.cents);
    }

    @Test
    void exceptionArrivesWithStackAndCauses() {
        IllegalStateException sent = new IllegalStateException("bad", new ArithmeticException("why"));
        sent.addSuppressed(new RuntimeException("too"));
        Throwable got = (Throwable) copy(sent);
        assertNotNull(got);
        assertEquals(IllegalStateException.class, got.getClass());
        assertEquals(sent.getStackTrace().length, got.getStackTrace().length);
        assertEquals(sent.getStackTrace()[0].toString(), got.getStackTrace()[0].toString());
        assertEquals(ArithmeticException.class, got.getCause().getClass());
        assertEquals("too", got.getSuppressed()[0].getMessage());
    }

    // ---- what cannot travel ----

    private static String refusal(Object value) {
        return String.valueOf(
                assertThrows(CannotTravelException.class, () -> CODEC.encode("it", true, value)).getMessage());
    }

    @Test
    void typeThatCannotTravelIsNamedWithThePathToIt() {
        Object deep = List.of(1, Map.of("owner", new Holder(new Object())));
        assertEquals(
                "it[1].get(owner).held: java.lang.Object cannot travel to another process; send its parts, make it a record, or register a"
                        + " Format for it",
                refusal(deep));
    }

    record Holder(Object held) {}

    @Test
    void cycleIsRefused() {
        List<Object> self = new ArrayList<>();
        self.add(self);
        assertTrue(refusal(self).endsWith("it is deeper than 200 levels; does it reach itself?"));
    }

    @Test
    void comparatorIsRefused() {
        TreeMap<String, Integer> map = new TreeMap<>(Comparator.reverseOrder());
        assertTrue(refusal(map).contains("java.util.TreeMap with a comparator"));
    }

    @Test
    void arrayOfThreeDimensionsIsRefused() {
        assertTrue(refusal(new int[1][1][1]).contains("more than two dimensions"));
        assertTrue(refusal(new String[1][1][1]).contains("more than two dimensions"));
    }

    @Test
    void pathOfAnotherFileSystemIsRefused(@TempDir Path directory) throws IOException {
        try (FileSystem zip = FileSystems.newFileSystem(directory.resolve("it.zip"), Map.of("create", "true"))) {
            assertTrue(refusal(zip.getPath("/etc/hosts")).contains("file system"));
        }
    }

    @Test
    void whatIsTooLongIsRefused() {
        assertThrows(LimitExceededException.class, () -> CODEC.encode("it", true, new byte[1_000_001]));
        assertThrows(LimitExceededException.class, () -> CODEC.encode("it", true, new long[200_000]));
        assertThrows(LimitExceededException.class, () -> CODEC.encode("it", true, new String[1_000_001]));
    }

    @Test
    void functionTravelsOnlyWhereItMay() throws Exception {
        int ten = 10;
        RemoteFunction<Integer, Integer> add = i -> i + ten;
        @SuppressWarnings("unchecked")
        RemoteFunction<Integer, Integer> copy = (RemoteFunction<Integer, Integer>) copy(add);
        assertNotNull(copy);
        assertEquals(15, copy.apply(5));
        assertThrows(CannotTravelException.class, () -> CODEC.encode("it", false, add));
        byte[] bytes = CODEC.encode("it", true, add);
        assertThrows(UnreadableException.class, () -> CODEC.decode(bytes, 0, false, LOADER));
    }

    @Test
    void methodReferenceAndABoundOneTravel() throws Exception {
        RemoteFunction<String, Integer> length = String::length;
        RemoteCallable<Integer> bound = new Point(7, 0, null)::x;
        @SuppressWarnings("unchecked")
        RemoteFunction<String, Integer> lengthCopy = (RemoteFunction<String, Integer>) copy(length);
        RemoteCallable<?> boundCopy = (RemoteCallable<?>) copy(bound);
        assertNotNull(lengthCopy);
        assertNotNull(boundCopy);
        assertEquals(3, lengthCopy.apply("abc"));
        assertEquals(7, boundCopy.call());
    }

    @Test
    void functionsOfOnePlaceTravelEachWithWhatItHasCaptured() throws Exception {
        for (int i = 0; i < 3; i++) {
            int n = i;
            RemoteCallable<?> copy = (RemoteCallable<?>) copy((RemoteCallable<Integer>) () -> n);
            assertNotNull(copy);
            assertEquals(n, copy.call());
        }
    }

    @Test
    void workTravelsToChildrenOnly() throws Exception {
        RemoteFunction<Integer, Integer> twice = i -> 2 * i;
        Work work = new Work(twice, List.of(1, 2), List.of());
        Work copy = (Work) copy(work);
        assertNotNull(copy);
        assertEquals(List.of(2, 4), copy.run());
        assertThrows(CannotTravelException.class, () -> CODEC.encode("it", false, work));
        byte[] bytes = CODEC.encode("it", true, work);
        assertThrows(UnreadableException.class, () -> CODEC.decode(bytes, 0, false, LOADER));
    }

    @Test
    void listOfNumbersTakesNoMoreThanTheNumbers() {
        assertTrue(CODEC.encode("it", false, new ArrayList<>(Collections.nCopies(1000, 7))).length < 4010);
    }

    @Test
    void longArraysThatAreBorrowedArriveInTheirPlaces() {
        byte[] first = new byte[100_000];
        byte[] second = new byte[70_000];
        first[99_999] = 1;
        second[0] = 2;
        Output out = CODEC.write("it", false, List.of("a", first, 3, second), true);
        assertEquals(out.size(), out.toBytes().length);
        List<?> copy = (List<?>) CODEC.decode(out.toBytes(), 0, false, LOADER);
        assertNotNull(copy);
        assertEquals("a", copy.get(0));
        assertArrayEquals(first, (byte[]) copy.get(1));
        assertEquals(3, copy.get(2));
        assertArrayEquals(second, (byte[]) copy.get(3));
        List<byte[]> tooLong = Collections.nCopies(11, first);
        assertThrows(LimitExceededException.class, () -> CODEC.write("it", false, tooLong, true));
    }

    @Test
    void whatFollowsALongArrayThatIsBorrowedCountsToo() {
        List<Object> tooLong = List.of(new byte[999_900], "x".repeat(300));
        assertThrows(LimitExceededException.class, () -> CODEC.write("it", false, tooLong, true));
        List<Object> longest = List.of(new byte[999_680], "x".repeat(300));
        assertTrue(CODEC.write("it", false, longest, true).size() <= 1_000_000);
    }

    // ---- exceptions that know many others ----

    private static int count(@Nullable FailureParcel parcel) {
        return parcel == null
                ? 0
                : 1 + count(parcel.cause()) + parcel.suppressed().stream().mapToInt(CodecTest::count).sum();
    }

    @Test
    void exceptionsThatKnowEachOtherTravelOnceEach() {
        RuntimeException first = new RuntimeException("first");
        RuntimeException second = new RuntimeException("second", first);
        for (int i = 0; i < 16; i++) {
            first.addSuppressed(second);
            second.addSuppressed(first);
        }
        assertEquals(2, count(FailureParcel.of(first)));
    }

    @Test
    void oneThatEachTryHasAddedToTheNextTravelsOnce() {
        RuntimeException last = new RuntimeException("try 0");
        for (int i = 1; i < 16; i++) {
            RuntimeException next = new RuntimeException("try " + i, last);
            next.addSuppressed(last);
            last = next;
        }
        assertEquals(16, count(FailureParcel.of(last)));
    }

    @Test
    void ofVeryManyExceptionsTheFirstTravel() {
        RuntimeException all = new RuntimeException("all");
        for (int i = 0; i < 16; i++) {
            RuntimeException some = new RuntimeException("some " + i);
            for (int k = 0; k < 16; k++) {
                some.addSuppressed(new RuntimeException("one " + k));
            }
            all.addSuppressed(some);
        }
        assertEquals(100, count(FailureParcel.of(all)));
    }

    // ---- what comes is not trusted ----

    @Test
    void recordsOwnRulesHold() {
        byte[] bytes = CODEC.encode("it", false, new Even(2));
        bytes[bytes.length - 1] = 3;
        assertThrows(UnreadableException.class, () -> CODEC.decode(bytes, 0, false, LOADER));
    }

    @Test
    void classThatIsNoRecordIsNotMade() {
        Output out = new Output(1000);
        out.putByte(Tag.RECORD);
        out.putCount(0);
        out.putString("java.io.File");
        out.putCount(0);
        assertThrows(UnreadableException.class, () -> CODEC.decode(out.toBytes(), 0, false, LOADER));
    }

    @Test
    void javasSerializedStreamsAreRefused() {
        byte[] magic = {(byte) 0xac, (byte) 0xed, 0, 5, 's', 'r'};
        assertThrows(UnreadableException.class, () -> CODEC.decode(magic, 0, true, LOADER));
    }

    @Test
    void lengthBeyondTheBytesTakesNoMemory() {
        for (byte tag : new byte[]{Tag.BYTES, Tag.INTS, Tag.LONGS, Tag.LIST, Tag.MAP, Tag.STRING, Tag.BIG_INTEGER,
                Tag.BUFFER, Tag.INT_LIST, Tag.LONG_LIST, Tag.DOUBLE_LIST, Tag.FUNCTION}) {
            byte[] bytes = {tag, (byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7, 1, 2, 3};
            assertThrows(UnreadableException.class, () -> CODEC.decode(bytes, 0, true, LOADER));
        }
    }

    @Test
    void depthIsBounded() {
        byte[] bytes = new byte[100_000];
        Arrays.fill(bytes, Tag.OPTIONAL);
        assertThrows(UnreadableException.class, () -> CODEC.decode(bytes, 0, true, LOADER));
    }

    @Test
    @org.junit.jupiter.api.Tag("full")
    void cutAndChangedBytesAreUnreadableOrSomeValue() {
        Map<String, Object> all = new HashMap<>();
        for (Object value : values()) {
            all.put(value.getClass() + " " + all.size(), value);
        }
        byte[] bytes = CODEC.encode("it", false, all);
        for (int length = 0; length < bytes.length; length++) {
            byte[] cut = Arrays.copyOf(bytes, length);
            assertThrows(UnreadableException.class, () -> CODEC.decode(cut, 0, false, LOADER));
        }
        Random random = new Random(1);
        int unreadable = 0;
        for (int i = 0; i < 20_000; i++) {
            byte[] changed = bytes.clone();
            for (int n = random.nextInt(1, 4); n > 0; n--) {
                changed[random.nextInt(changed.length)] = (byte) random.nextInt();
            }
            try {
                CODEC.decode(changed, 0, false, LOADER);
            } catch (UnreadableException e) {
                unreadable++;
            }
        }
        assertTrue(unreadable > 1_000, "unreadable: " + unreadable);
    }
}
