package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelledException;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.examples.Output;
import dev.heddle.sim.Sim;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The lines for people who come from Python that need no Heddle: what the language itself has. */
final class PlainPythonTest {

    private record Page(String url, String text) {}

    /** What a class with an __init__ and a superclass is. */
    private static class Spider {

        final String name;

        Spider(String name) {
            this.name = name;
        }
    }

    private static final class HtmlSpider extends Spider {

        private final String url;

        HtmlSpider(String name, String url) {
            super(name);
            this.url = url;
        }
    }

    @TempDir
    Path directory;

    private int num = 10;

    private static String joined(String first, Object... rest) {
        return first + rest.length;
    }

    private static String page(String url) {
        return "page " + url;
    }

    private static int atLeastOne(int workers) {
        if (workers < 1) {
            throw new IllegalArgumentException("too few");
        }
        return workers;
    }

    private void step() {
        num += 1;
    }

    @Test
    void printing() {
        List<String> lines = Output.of(() -> {
            int n = 2;
            IO.println("get html " + n + " success");
            for (int i = 0; i < 3; i++) {
                IO.print(i + " , ");
            }
            IO.println();
            Sim.run(() -> IO.println(currentTask()));
        });
        assertEquals(List.of("get html 2 success", "0 , 1 , 2 , "), lines.subList(0, 2));
        assertTrue(lines.get(2).contains("main"), lines.get(2));
        String name = "egon";
        int n = 3;
        assertEquals("egon says 3", "%s says %s".formatted(name, n));
        assertEquals("{} says {}", "{} says {}".formatted(name, n));
    }

    /** The only test that asks: {@code IO} keeps the input that it has read from first. */
    @Test
    void asking() {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(" hello \n".getBytes(StandardCharsets.UTF_8)));
        try {
            Output.of(() -> run(() -> {
                String message = offload(() -> IO.readln(">>: "));
                assertEquals("hello", message.strip());
                assertNull(offload(() -> IO.readln(">>: ")));
            }));
        } finally {
            System.setIn(before);
        }
    }

    @Test
    void methodsClassesAndFields() {
        assertEquals("a2", joined("a", "b", "c"));
        var spider = new HtmlSpider("spider-1", "http://www.baidu.com");
        assertEquals(List.of("spider-1", "http://www.baidu.com"), List.of(spider.name, spider.url));
        for (int i = 0; i < 3; i++) {
            step();
        }
        assertEquals(13, num);
        Page page = new Page("http://www.baidu.com", "hello");
        assertEquals("http://www.baidu.com", page.url());
    }

    @Test
    void listsAndMaps() {
        List<String> urls = new ArrayList<>();
        urls.add("a");
        urls.add("b");
        assertEquals(List.of("page a", "page b"), urls.stream().map(url -> page(url)).toList());
        assertEquals("b", urls.removeLast());
        assertEquals(1, urls.size());
        assertFalse(urls.isEmpty());
        urls.clear();
        assertThrows(NoSuchElementException.class, urls::removeLast);
        assertThrows(UnsupportedOperationException.class, () -> List.of("a").add("b"));

        Map<String, String> cache = new HashMap<>();
        assertFalse(cache.containsKey("a"));
        cache.put("a", "page");
        assertEquals("page", cache.get("a"));
        assertNull(cache.get("b"));
        assertEquals("0000", cache.getOrDefault("id", "0000"));
        Set<String> seen = new HashSet<>();
        assertTrue(seen.add("a"));
        assertFalse(seen.add("a"));
    }

    @Test
    void textsAndBytes() {
        String text = "head\r\n\r\nbödy";
        assertEquals("bödy", text.split("\r\n\r\n")[1]);
        assertEquals("HELLO", "hello".toUpperCase(Locale.ROOT));
        assertEquals("a\nb", String.join("\n", List.of("a", "b")));
        byte[] data = text.getBytes(StandardCharsets.UTF_8);
        assertEquals(13, data.length);
        assertEquals(text, new String(data, StandardCharsets.UTF_8));
        assertEquals("\uFFFD", new String(new byte[]{-1}, StandardCharsets.UTF_8));
        var all = new ByteArrayOutputStream();
        byte[] buffer = data;
        int n = 4;
        all.write(buffer, 0, n);
        all.write(buffer, 0, n);
        assertEquals("headhead", all.toString(StandardCharsets.UTF_8));
    }

    @Test
    void files() throws IOException {
        Path file = directory.resolve("db.txt");
        for (String line : List.of("one\n", "two\n")) {
            Files.writeString(file, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        }
        assertEquals("one\ntwo\n", Files.readString(file));
    }

    /** A cancel is a RuntimeException, as it is an Exception in Python up to 3.7, so it must be thrown again. */
    @Test
    void exceptions() {
        List<String> logged = new ArrayList<>();
        try {
            throw new IOException("download error");
        } catch (IOException e) {
            logged.add(e.getMessage());
        } finally {
            logged.add("closed");
        }
        Sim.run(() -> {
            Task<Void> task = spawn(() -> {
                try {
                    sleep(Duration.ofHours(1));
                } catch (RuntimeException e) {
                    assertInstanceOf(CancelledException.class, e);
                    logged.add("caught");
                    throw e;
                }
            });
            sleep(Duration.ofSeconds(1));
            task.cancel();
            assertThrows(TaskCancelledException.class, task::join);
        });
        assertEquals(List.of("download error", "closed", "caught"), logged);
        assertThrows(IllegalArgumentException.class, () -> atLeastOne(0));
    }

    @Test
    void timeAndChance() {
        long before = System.currentTimeMillis();
        assertTrue(before > 1_700_000_000_000L);
        run(() -> Thread.sleep(20));
        assertThrows(IllegalStateException.class, () -> sleep(Duration.ofSeconds(2)));
        assertTrue(System.currentTimeMillis() - before >= 19);
        for (int i = 0; i < 100; i++) {
            int seconds = ThreadLocalRandom.current().nextInt(1, 4);
            assertTrue(seconds >= 1 && seconds <= 3);
        }
        int chosen = Sim.run(() -> 1 + Sim.current().random().below(3));
        assertTrue(chosen >= 1 && chosen <= 3);
        assertEquals(Duration.ofMillis(1500), Sim.run(() -> measureTime(() -> sleep(Duration.ofMillis(1500)))));
    }

    @Test
    void addresses() {
        URI uri = URI.create("http://www.baidu.com:80/id/1/?a=b");
        assertEquals("www.baidu.com:80", uri.getAuthority());
        assertEquals("www.baidu.com", uri.getHost());
        assertEquals("/id/1/", uri.getPath());
        assertEquals("a=b", uri.getQuery());
        assertEquals("", URI.create("http://www.baidu.com").getPath());
        assertThrows(IllegalArgumentException.class, () -> URI.create("http://a b"));
    }
}
