package dev.heddle.cli.sight;

import dev.heddle.Heddle;
import dev.heddle.http.StatusException;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.server.HttpServer;
import dev.heddle.http.server.Request;
import dev.heddle.http.server.Response;
import dev.heddle.observe.Metrics;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.LongFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Requests by chance that the program counts by method, route and status, and what the metrics tell of them. */
final class CountedRoutes implements LongFunction<String> {

    private static final int REQUESTS = 100;
    private static final List<String> METHODS = List.of("GET", "POST", "DELETE");
    private static final List<String> ROUTES = List.of("/ledger/a/{status}", "/ledger/b/{status}",
            "/ledger/{id}/c/{status}");
    private static final List<Integer> STATUSES = List.of(200, 201, 304, 404, 409, 500, 503);
    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");

    private final Map<String, Long> ledger = new TreeMap<>();

    /** What differs from the ledger, in words that every class loader knows; else nothing. */
    @Override
    public String apply(long seed) {
        return Heddle.run(() -> {
            Metrics.begin();
            HttpServer.Builder routes = HttpServer.builder();
            for (String route : ROUTES) {
                METHODS.forEach(method -> routes.route(method, route, CountedRoutes::answer));
            }
            try (HttpServer server = routes.start("127.0.0.1", 0); HttpClient http = HttpClient.create()) {
                Map<String, Long> served = told("http_server_request_duration_seconds_count");
                var random = new Random(seed);
                for (int i = 0; i < REQUESTS; i++) {
                    ask(http, server.port(), random);
                }
                Map<String, Long> now = told("http_server_request_duration_seconds_count");
                now.replaceAll((key, count) -> count - served.getOrDefault(key, 0L));
                now.values().removeIf(count -> count == 0);
                return now.equals(ledger) ? "" : "the metrics tell " + now + ", the ledger " + ledger;
            }
        });
    }

    private static Response answer(Request request) {
        int status = (int) request.pathLong("status");
        if (status == 409) {
            throw new StatusException(status, "thrown");
        }
        return status < 300 ? Response.text("ok").withStatus(status) : Response.empty(status);
    }

    private void ask(HttpClient http, int port, Random random) {
        String method = METHODS.get(random.nextInt(METHODS.size()));
        String route = ROUTES.get(random.nextInt(ROUTES.size()));
        int status = STATUSES.get(random.nextInt(STATUSES.size()));
        String path = route.replace("{id}", "" + random.nextInt()).replace("{status}", "" + status);
        ledger.merge(method + " " + route + " " + status, 1L, Long::sum);
        http.request(method, "http://127.0.0.1:" + port + path).send().close();
    }

    /** The series of our routes. */
    private static Map<String, Long> told(String metric) throws Exception {
        return Heddle.offload(Metrics::text).lines()
                .filter(line -> line.startsWith(metric + "{"))
                .map(CountedRoutes::series)
                .filter(series -> series.getKey().contains(" /ledger/"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, Long::sum, TreeMap::new));
    }

    private static Map.Entry<String, Long> series(String line) {
        Map<String, String> labels = new TreeMap<>();
        Matcher label = LABEL.matcher(line);
        while (label.find()) {
            labels.put(label.group(1), label.group(2));
        }
        return Map.entry(
                labels.get("http_request_method") + " " + labels.get("http_route") + " "
                        + labels.get("http_response_status_code"),
                (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)));
    }
}
