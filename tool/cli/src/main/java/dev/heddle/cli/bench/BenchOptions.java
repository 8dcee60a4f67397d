package dev.heddle.cli.bench;

import dev.heddle.cli.command.Arguments;
import dev.heddle.cli.command.ErrorText;
import dev.heddle.cli.command.RequestOptions;
import dev.heddle.cli.command.UsageException;
import dev.heddle.cli.fetch.FetchJob;
import dev.heddle.cli.fetch.FetchOptions;
import dev.heddle.cli.serve.ServeArguments;
import dev.heddle.http.client.HttpClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of {@code heddle bench}.
 *
 * @param url what is asked for, again and again
 * @param connections how many requests are under way at once, on all loops together
 * @param loops how many loops send
 * @param duration the time that is measured; null if a number of requests is
 * @param requests how many requests are sent at most
 * @param rate requests per second; 0 for as many as the connections can
 * @param warmup the time before, which is not measured; zero for none
 * @param timeout the time that each request has
 * @param json whether the report is a JSON object
 * @param request what the requests look like
 */
record BenchOptions(
        String url,
        int connections,
        int loops,
        @Nullable Duration duration,
        long requests,
        int rate,
        Duration warmup,
        Duration timeout,
        boolean json,
        RequestOptions request) {

    static final int DEFAULT_CONNECTIONS = 50;

    static final Duration DEFAULT_DURATION = Duration.ofSeconds(10);

    static final Duration DEFAULT_WARMUP = Duration.ofSeconds(1);

    static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

    static final int MAX_RATE = 10_000_000;

    private static final Arguments.Syntax SYNTAX = RequestOptions.addTo(Arguments.syntax())
            .option("-c", "--connections")
            .option("-z", "--duration")
            .option("-n", "--requests")
            .option("-r", "--rate")
            .option("-w", "--warmup")
            .option("-t", "--timeout")
            .option("--loops")
            .flag("--json");

    /**
     * Reads the arguments.
     *
     * @throws UsageException if they are wrong
     */
    static BenchOptions parse(List<String> words) {
        Arguments arguments = SYNTAX.parse(words);
        if (arguments.rest().size() != 1) {
            throw new UsageException(arguments.rest().isEmpty() ? "no URL given" : "only one URL can be measured");
        }
        boolean isCounted = arguments.has("-n");
        if (isCounted && arguments.has("-z")) {
            throw new UsageException("-n and -z are two ends; give one");
        }
        int requests = arguments.number("-n", Integer.MAX_VALUE, 1, Integer.MAX_VALUE);
        int connections = arguments.number("-c", DEFAULT_CONNECTIONS, 1, FetchOptions.MAX_CONCURRENCY);
        int loops = arguments.number("--loops", 1, 1, ServeArguments.MAX_LOOPS);
        if (loops > connections || loops > requests) {
            throw new UsageException("--loops: each needs a connection and a request");
        }
        RequestOptions request = RequestOptions.of(arguments).inMemory();
        return new BenchOptions(
                url(arguments.rest().getFirst(), request),
                Math.min(connections, requests),
                loops,
                isCounted ? null : arguments.duration("-z", DEFAULT_DURATION),
                isCounted ? requests : Long.MAX_VALUE,
                arguments.number("-r", 0, 1, MAX_RATE),
                warmup(arguments, isCounted),
                arguments.duration("-t", DEFAULT_TIMEOUT),
                arguments.has("--json"),
                request);
    }

    private static String url(String text, RequestOptions request) {
        try (HttpClient http = HttpClient.create()) {
            String url = FetchJob.of(0, text).url();
            request.request(http, url);
            return url;
        } catch (IOException | IllegalArgumentException e) {
            throw new UsageException(ErrorText.of(e));
        }
    }

    /** Who counts requests wants no more of them. */
    private static Duration warmup(Arguments arguments, boolean isCounted) {
        if (arguments.value("-w").filter(text -> text.matches("0(ms|s|m|h)?")).isPresent()) {
            return Duration.ZERO;
        }
        return arguments.duration("-w", isCounted ? Duration.ZERO : DEFAULT_WARMUP);
    }
}
