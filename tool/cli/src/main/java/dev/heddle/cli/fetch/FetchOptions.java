package dev.heddle.cli.fetch;

import dev.heddle.cli.command.Arguments;
import dev.heddle.cli.command.DurationText;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.ProxyOption;
import dev.heddle.cli.command.RequestOptions;
import dev.heddle.cli.command.UsageException;
import dev.heddle.http.client.ProxySettings;
import dev.heddle.http.client.RetryPolicy;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The options of {@code heddle fetch}.
 *
 * @param concurrency most URLs under way at once, 1 to {@link #MAX_CONCURRENCY}
 * @param perHost most URLs of one scheme, host and port under way at once; as many as in all by default
 * @param timeout the time that each URL has for everything: all attempts, the pauses between them, the whole body
 * @param retries the rule by which a URL is tried again
 * @param list a file of URLs, {@code -} for the standard input, or null
 * @param directory where bodies are saved, or null
 * @param resume whether to go on where an earlier run stopped
 * @param line how an outcome is printed
 * @param request what the requests look like
 * @param proxy which proxies are used
 * @param urls the URLs of the command line
 */
public record FetchOptions(
        int concurrency,
        int perHost,
        Duration timeout,
        RetryPolicy retries,
        @Nullable String list,
        @Nullable Path directory,
        boolean resume,
        OutcomeLine line,
        RequestOptions request,
        ProxySettings proxy,
        List<String> urls) {

    public static final int DEFAULT_CONCURRENCY = 100;

    /** More sockets at once than systems hand out to one process without being asked to. */
    public static final int MAX_CONCURRENCY = 50_000;

    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

    public static final int MAX_RETRIES = 100;

    /** A server that says when to come back is believed; the time of the URL is the only bound. */
    public static final RetryPolicy RETRIES = RetryPolicy.NONE
            .withMaxRetryAfter(DurationText.MAX)
            .withStatuses(Set.of(408, 425, 429, 500, 502, 503, 504));

    private static final Arguments.Syntax SYNTAX = RequestOptions.addTo(Arguments.syntax())
            .option("-c", "--concurrency")
            .option("--per-host")
            .option("-t", "--timeout")
            .option("--retries")
            .option("-i", "--input")
            .option("-o", "--output")
            .flag("-C", "--resume")
            .option("--proxy", "-x")
            .flag("--json");

    /**
     * Reads the arguments.
     *
     * @throws UsageException if they are wrong
     */
    public static FetchOptions parse(List<String> words) {
        Arguments arguments = SYNTAX.parse(words);
        int concurrency = arguments.number("-c", DEFAULT_CONCURRENCY, 1, MAX_CONCURRENCY);
        int perHost = arguments.number("--per-host", concurrency, 1, MAX_CONCURRENCY);
        Duration timeout = arguments.duration("-t", DEFAULT_TIMEOUT);
        RetryPolicy retries = RETRIES.withAttempts(1 + arguments.number("--retries", 0, 0, MAX_RETRIES));
        Optional<String> list = arguments.name("-i", "a file of URLs, or -");
        if (arguments.rest().isEmpty() && list.isEmpty()) {
            throw new UsageException("no URL given; write URLs, or -i FILE with one on each line");
        }
        if (arguments.rest().stream().anyMatch(String::isBlank)) {
            throw new UsageException("a URL is empty");
        }
        RequestOptions request = RequestOptions.of(arguments);
        if (arguments.has("-C") && (!arguments.has("-o") || !request.isGetWithoutBody())) {
            throw new UsageException("-C goes on with files of -o DIR, fetched by GET");
        }
        return new FetchOptions(
                concurrency,
                perHost,
                timeout,
                retries,
                list.orElse(null),
                arguments.name("-o", "a directory").map(FetchOptions::path).orElse(null),
                arguments.has("-C"),
                arguments.has("--json") ? OutcomeLine.JSON : OutcomeLine.TEXT,
                request,
                arguments.value("--proxy")
                        .map(text -> ProxyOption.parse(text, System.getenv()))
                        .orElse(ProxySettings.NONE),
                arguments.rest());
    }

    private static Path path(String text) {
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new UsageException("-o needs a directory, not \"" + HumanFormat.printable(text) + "\"");
        }
    }
}
