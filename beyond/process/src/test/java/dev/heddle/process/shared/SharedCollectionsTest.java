package dev.heddle.process.shared;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Lists and maps that several processes share. */
final class SharedCollectionsTest {

    private static InChildren children;

    private Manager manager;

    @BeforeAll
    static void start() {
        children = new InChildren(2);
    }

    @AfterAll
    static void end() {
        children.close();
    }

    @BeforeEach
    void open() {
        manager = Manager.open();
    }

    @AfterEach
    void close() {
        manager.close();
    }

    private record Point(int x, int y) {}

    // ---- maps ----

    @Test
    void mapIsTheSameInAllProcesses() throws Exception {
        ConcurrentMap<String, List<Integer>> map = manager.map();
        assertNull(map.put("a", List.of(1)));
        assertEquals(List.of(1), children.call(() -> map.put("a", List.of(2))));
        assertEquals(List.of(2), map.get("a"));
        assertTrue(map.containsKey("a"));
        assertNull(map.get("b"));
        assertEquals(List.of(2), map.remove("a"));
        assertTrue(map.isEmpty());
    }

    @Test
    @Tag("full")
    void mergeOfTwoProcessesLosesNothing() throws Exception {
        ConcurrentMap<String, Integer> map = manager.map();
        List<Elsewhere.Started<Boolean>> all = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            all.add(children.start(() -> {
                for (int k = 0; k < 500; k++) {
                    map.merge("count", 1, Integer::sum);
                }
                return true;
            }));
        }
        for (var each : all) {
            each.get();
        }
        assertEquals(1_000, map.get("count"));
    }

    @Test
    void whatIsDoneOnlyIfNothingHasChangedLooksAtTheValue() {
        ConcurrentMap<String, Point> map = manager.map();
        assertNull(map.putIfAbsent("a", new Point(1, 2)));
        assertEquals(new Point(1, 2), map.putIfAbsent("a", new Point(0, 0)));
        assertFalse(map.replace("a", new Point(9, 9), new Point(0, 0)));
        assertTrue(map.replace("a", new Point(1, 2), new Point(3, 4)));
        assertEquals(new Point(3, 4), map.replace("a", new Point(5, 6)));
        assertNull(map.replace("b", new Point(5, 6)));
        assertFalse(map.remove("a", new Point(3, 4)));
        assertTrue(map.remove("a", new Point(5, 6)));
        assertFalse(map.containsKey("a"));
    }

    @Test
    void computeAndItsLikeRunInTheCaller() {
        ConcurrentMap<String, Integer> map = manager.map();
        assertEquals(1, map.compute("a", (key, old) -> old == null ? 1 : old + 1));
        assertEquals(2, map.compute("a", (key, old) -> old == null ? 1 : old + 1));
        assertNull(map.compute("a", (key, old) -> null));
        assertNull(map.compute("a", (key, old) -> null));
        assertEquals(5, map.computeIfAbsent("a", key -> 5));
        assertEquals(5, map.computeIfAbsent("a", key -> 6));
        assertEquals(10, map.computeIfPresent("a", (key, old) -> old * 2));
        assertNull(map.computeIfPresent("b", (key, old) -> old * 2));
        map.replaceAll((key, old) -> old + 1);
        assertEquals(Map.of("a", 11), Map.copyOf(map));
        assertEquals(3, map.getOrDefault("z", 3));
    }

    @Test
    void valueThatHasNoEqualsOfItsOwnCanBeComputedAllTheSame() {
        ConcurrentMap<String, byte[]> map = manager.map();
        map.put("a", new byte[]{1});
        assertEquals(2, map.compute("a", (key, old) -> new byte[]{old[0], 2}).length);
        assertEquals(2, map.get("a").length);
    }

    @Test
    @Tag("full")
    void mapIsGoneThroughInTheOrderOfItsKeysComing() {
        ConcurrentMap<Integer, String> map = manager.map();
        for (int i = 0; i < 2_500; i++) {
            map.put(i, "v" + i);
        }
        map.put(0, "again");
        List<Integer> keys = new ArrayList<>(map.keySet());
        assertEquals(2_500, keys.size());
        assertEquals(List.of(0, 1, 2), keys.subList(0, 3));
        assertTrue(map.containsValue("v2499"));
        map.keySet().removeIf(key -> key >= 10);
        assertEquals(Set.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), map.keySet());
        for (Map.Entry<Integer, String> each : map.entrySet()) {
            each.setValue("x");
        }
        assertEquals(Set.of("x"), Set.copyOf(map.values()));
        map.clear();
        assertEquals(0, map.size());
        assertFalse(map.entrySet().iterator().hasNext());
    }

    @Test
    void mapIsGoneThroughWhateverFitsIntoOneAnswer() {
        try (Manager small = Manager.open(ManagerOptions.DEFAULT.withMaxBytes(20_000))) {
            ConcurrentMap<String, String> bigValues = small.map();
            ConcurrentMap<String, String> bigKeys = small.map();
            for (int i = 0; i < 100; i++) {
                bigValues.put("key " + i, "v".repeat(1_000));
                bigKeys.put("k".repeat(1_000) + i, "value");
            }
            bigKeys.put("k".repeat(19_000), "value");
            assertEquals(100, new ArrayList<>(bigValues.keySet()).size());
            assertEquals(101, new ArrayList<>(bigKeys.entrySet()).size());
        }
    }

    /** Changes something all the time. */
    private static Thread restless(Runnable change) {
        Thread thread = new Thread(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                change.run();
            }
        }, "restless");
        thread.start();
        return thread;
    }

    private static void end(Thread thread) throws InterruptedException {
        thread.interrupt();
        thread.join();
    }

    @Test
    void streamsOfACollectionThatOthersChangeMeanwhileSeeSomeOfIt() throws InterruptedException {
        ConcurrentMap<Integer, Integer> map = manager.map();
        List<Integer> list = manager.list();
        Thread restless = restless(() -> {
            map.put(1, 1);
            list.add(1);
            map.remove(1);
            list.clear();
        });
        try {
            for (int i = 0; i < 500; i++) {
                assertTrue(map.keySet().stream().toList().stream().allMatch(each -> each == 1));
                assertTrue(map.values().stream().toList().stream().allMatch(each -> each == 1));
                assertTrue(map.entrySet().stream().toList().stream().allMatch(each -> each.getKey() == 1));
                assertTrue(list.stream().toList().stream().allMatch(each -> each == 1));
            }
        } finally {
            end(restless);
        }
    }

    @Test
    void entryOfTheEntrySetIsRemovedOnlyIfItIsStillTheSame() {
        ConcurrentMap<String, Integer> map = manager.map();
        map.put("a", 1);
        assertTrue(map.entrySet().contains(Map.entry("a", 1)));
        assertFalse(map.entrySet().contains(Map.entry("a", 2)));
        assertFalse(map.entrySet().remove(Map.entry("a", 2)));
        assertTrue(map.entrySet().remove(Map.entry("a", 1)));
        map.put("a", 1);
        assertTrue(map.keySet().remove("a"));
        assertFalse(map.keySet().remove("a"));
        assertTrue(map.isEmpty());
    }

    @Test
    void functionOfReplaceAllMayNotGiveNull() {
        ConcurrentMap<String, Integer> map = manager.map();
        map.put("a", 1);
        assertThrows(NullPointerException.class, () -> map.replaceAll((key, value) -> null));
        assertEquals(1, map.get("a"));
    }

    @Test
    void itsWordsAreWhatIsInIt() throws Exception {
        ConcurrentMap<String, Integer> map = manager.map();
        List<Integer> list = manager.list();
        assertEquals("{}", map.toString());
        assertEquals("[]", list.toString());
        map.put("a", 1);
        map.put("b", 2);
        list.addAll(List.of(3, 4));
        assertEquals("{a=1, b=2}", map.toString());
        assertEquals("{a=1, b=2}", children.call(() -> map.toString()));
        assertEquals("[3, 4]", list.toString());
        for (int i = 0; i < 250; i++) {
            map.put("k" + i, i);
            list.add(i);
        }
        assertTrue(map.toString().endsWith(", k96=96, k97=97, ... 152 more}"), map.toString());
        assertTrue(list.toString().endsWith(", 96, 97, ... 152 more]"), list.toString());
    }

    @Test
    void oneThatIsInAnotherOrInItselfIsNamed() {
        ConcurrentMap<String, Object> map = manager.map();
        List<Object> list = manager.list();
        map.put("me", map);
        list.add(List.of(list));
        assertTrue(map.toString().startsWith("{me=SharedMap 1 of the manager at "), map.toString());
        assertTrue(list.toString().startsWith("[[SharedList 2 of the manager at "), list.toString());
    }

    @Test
    void wordsOfOneThatCannotBeReachedAreItsName() {
        ConcurrentMap<String, Integer> map;
        List<Integer> list;
        try (Manager other = Manager.open()) {
            map = other.map();
            list = other.list();
        }
        assertTrue(map.toString().matches("SharedMap 1 of the manager at .* \\(closed\\)"), map.toString());
        assertTrue(list.toString().matches("SharedList 2 of the manager at .* \\(closed\\)"), list.toString());
    }

    @Test
    void neitherKeysNorValuesAreNull() {
        ConcurrentMap<String, String> map = manager.map();
        assertThrows(NullPointerException.class, () -> map.put(null, "a"));
        assertThrows(NullPointerException.class, () -> map.put("a", null));
        assertThrows(NullPointerException.class, () -> map.get(null));
    }

    @Test
    void sharedMapCanBeAValueOfAnother() throws Exception {
        ConcurrentMap<String, ConcurrentMap<String, Integer>> outer = manager.map();
        ConcurrentMap<String, Integer> inner = manager.map();
        outer.put("inner", inner);
        children.call(() -> outer.get("inner").put("a", 1));
        assertEquals(1, inner.get("a"));
    }

    // ---- lists ----

    @Test
    void listIsTheSameInAllProcesses() throws Exception {
        List<String> list = manager.list();
        list.add("b");
        children.call(() -> {
            list.add(0, "a");
            return list.addAll(List.of("c", "d"));
        });
        assertEquals(List.of("a", "b", "c", "d"), list);
        assertEquals("b", list.set(1, "B"));
        assertEquals("c", children.call(() -> list.remove(2)));
        assertEquals(List.of("a", "B", "d"), List.copyOf(list));
        assertEquals("d", list.getLast());
        assertThrows(IndexOutOfBoundsException.class, () -> list.get(3));
        assertThrows(IndexOutOfBoundsException.class, () -> list.add(-1, "z"));
    }

    @Test
    void addsOfTwoProcessesAreAllThere() throws Exception {
        List<Integer> list = manager.list();
        List<Elsewhere.Started<Boolean>> all = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            int first = i * 500;
            all.add(children.start(() -> {
                for (int k = first; k < first + 500; k++) {
                    list.add(k);
                }
                return true;
            }));
        }
        for (var each : all) {
            each.get();
        }
        list.sort(Comparator.naturalOrder());
        assertEquals(1_000, list.size());
        assertEquals(999, list.get(999));
    }

    @Test
    @Tag("full")
    void endsOfAListAreTakenInOneStep() throws InterruptedException {
        List<Integer> list = manager.list();
        assertThrows(NoSuchElementException.class, list::removeFirst);
        assertThrows(NoSuchElementException.class, list::removeLast);
        assertThrows(NoSuchElementException.class, list::getFirst);
        assertThrows(NoSuchElementException.class, list::getLast);
        Thread restless = restless(() -> {
            list.add(1);
            list.clear();
        });
        try {
            for (int i = 0; i < 2_000; i++) {
                for (Supplier<Integer> each : List.<Supplier<Integer>>of(
                        list::removeFirst, list::removeLast, list::getFirst, list::getLast)) {
                    try {
                        assertEquals(1, each.get());
                    } catch (NoSuchElementException e) {
                        // It was empty just then.
                    }
                }
            }
        } finally {
            end(restless);
        }
        list.clear();
        list.addAll(List.of(1, 2, 3, 4));
        assertEquals(1, list.removeFirst());
        assertEquals(4, list.removeLast());
        assertEquals(2, list.getFirst());
        assertEquals(3, list.getLast());
    }

    @Test
    void iterationSeesTheListAsItWas() {
        List<Integer> list = manager.list();
        list.addAll(List.of(1, 2, 3));
        Iterator<Integer> iterator = list.iterator();
        list.clear();
        assertEquals(1, iterator.next());
        assertThrows(UnsupportedOperationException.class, iterator::remove);
        assertEquals(List.of(), list);
    }

    @Test
    void whatChangesManyElementsIsOneChange() {
        List<Integer> list = manager.list();
        list.addAll(List.of(5, 3, 4, 3));
        assertTrue(list.removeIf(each -> each == 4));
        assertFalse(list.removeIf(each -> each == 4));
        assertTrue(list.remove((Object) 3));
        list.replaceAll(each -> each * 10);
        assertEquals(List.of(50, 30), list);
        list.sort(null);
        assertEquals(List.of(30, 50), list);
        assertTrue(list.retainAll(List.of(50)));
        assertTrue(list.removeAll(List.of(50)));
        list.addAll(Arrays.asList(1, 2, 3, 4));
        list.subList(1, 3).clear();
        assertEquals(List.of(1, 4), list);
        assertTrue(list.contains(4));
        assertEquals(1, list.indexOf(4));
    }

    @Test
    @Tag("full")
    void listTravelsAsItselfAndItsCopyAsACopy() throws Exception {
        List<Integer> list = manager.list();
        list.add(1);
        List<Integer> copy = new ArrayList<>(list);
        children.call(() -> list.add(2) && copy.add(3));
        assertEquals(List.of(1, 2), list);
        assertEquals(List.of(1), copy);
        assertNotEquals(copy, list);
    }
}
