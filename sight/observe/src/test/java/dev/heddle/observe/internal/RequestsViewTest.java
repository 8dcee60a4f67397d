package dev.heddle.observe.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.heddle.internal.sight.Events.HttpRequest;
import dev.heddle.observe.internal.metrics.Registry;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** How long requests took, as tools are told it. */
final class RequestsViewTest {

    private static final Pattern LINE = Pattern.compile(
            "\\{\"kind\":\"requests\",\"bounds\":\\[([0-9,]+)],\"within\":\\[([0-9,]+)]}");

    private static List<Long> numbers(int list) {
        Matcher line = LINE.matcher(Asked.of(new RequestsView(), "requests").getFirst());
        assertEquals(true, line.matches());
        return Arrays.stream(line.group(list).split(",", -1)).map(Long::valueOf).toList();
    }

    private static void served(String route, long nanos) {
        Registry.PROCESS.served(new HttpRequest("GET", route, "http", "HTTP/1.1", 200, null, 0, nanos));
    }

    @Test
    void requestsOfAllRoutesAreCountedWithinEachBoundAlsoBelowThoseOfMetrics() {
        List<Long> bounds = numbers(1);
        assertEquals(List.of(100L, 250L, 500L, 1_000L, 2_500L, 5_000L), bounds.subList(0, 6));
        List<Long> before = numbers(2);
        served("/fast", 100_000);
        served("/slow", 3_000_000_000L);
        served("/slow", 30_000_000_000L);
        List<Long> more = new ArrayList<>();
        List<Long> after = numbers(2);
        for (int i = 0; i < after.size(); i++) {
            more.add(after.get(i) - before.get(i));
        }
        assertEquals(bounds.size() + 1, more.size());
        assertEquals(List.of(1L, 1L), List.of(more.getFirst(), more.get(bounds.indexOf(2_500_000L))));
        assertEquals(List.of(2L, 2L, 2L, 3L), more.subList(bounds.indexOf(5_000_000L), more.size()));
    }
}
