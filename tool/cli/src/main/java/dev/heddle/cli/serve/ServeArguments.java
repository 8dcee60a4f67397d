package dev.heddle.cli.serve;

import dev.heddle.cli.command.Arguments;
import dev.heddle.cli.command.HumanFormat;
import dev.heddle.cli.command.UsageException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of {@code heddle serve}.
 *
 * @param directory whose files are served
 * @param host the address to listen on
 * @param port 0 picks a free one
 * @param loops how many loops serve
 * @param grace how long a stop waits for running downloads
 * @param certificate who the server is; null for plain HTTP
 * @param compress whether text is compressed, and compressed files beside others are sent
 * @param spa whether {@code index.html} answers for pages that do not exist
 * @param cacheSeconds how long others may keep a file; negative if nothing is said about it
 * @param log the file of the access log, {@code -} for the standard output, or null
 */
public record ServeArguments(
        Path directory,
        String host,
        int port,
        int loops,
        Duration grace,
        @Nullable ServeCertificate certificate,
        boolean compress,
        boolean spa,
        int cacheSeconds,
        @Nullable String log) {

    public static final int DEFAULT_PORT = 8080;

    public static final String DEFAULT_HOST = "127.0.0.1";

    public static final Duration DEFAULT_GRACE = Duration.ofSeconds(30);

    /** More loops than processors only take turns. */
    public static final int MAX_LOOPS = 1_024;

    private static final int MAX_PORT = 65_535;

    private static final int MAX_CACHE_SECONDS = 31_536_000;

    private static final Arguments.Syntax SYNTAX = Arguments.syntax()
            .option("-p", "--port")
            .option("--host")
            .option("--loops")
            .option("--grace")
            .flag("--tls")
            .option("--cert")
            .option("--key")
            .flag("--compress")
            .flag("--spa")
            .option("--cache")
            .option("--log");

    /**
     * Reads the arguments, and the certificate.
     *
     * @param inherited whether the sockets are the service manager's, which has chosen their addresses
     * @throws UsageException if they are wrong
     */
    public static ServeArguments parse(List<String> words, boolean inherited) {
        Arguments arguments = SYNTAX.parse(words);
        if (inherited) {
            refuseAddress(arguments);
        }
        if (arguments.rest().size() > 1) {
            throw new UsageException("only one directory can be served");
        }
        Path directory = directory(arguments.rest().isEmpty() ? "." : arguments.rest().getFirst());
        boolean spa = arguments.has("--spa");
        if (spa && !Files.isRegularFile(directory.resolve("index.html"))) {
            throw new UsageException("--spa needs an index.html in the directory");
        }
        String host = arguments.name("--host", "an address").orElse(DEFAULT_HOST);
        return new ServeArguments(
                directory,
                host,
                arguments.number("-p", DEFAULT_PORT, 0, MAX_PORT),
                arguments.number("--loops", 1, 1, MAX_LOOPS),
                arguments.duration("--grace", DEFAULT_GRACE),
                certificate(arguments, host),
                arguments.has("--compress"),
                spa,
                arguments.number("--cache", -1, 0, MAX_CACHE_SECONDS),
                arguments.name("--log", "a file, or -").orElse(null));
    }

    private static void refuseAddress(Arguments arguments) {
        for (String option : List.of("--port", "--host", "--loops")) {
            if (arguments.has(option.equals("--port") ? "-p" : option)) {
                throw new UsageException(option + " has no meaning for the sockets of the service manager (LISTEN_FDS),"
                        + " which one loop serves: leave it out, or start without them");
            }
        }
    }

    private static @Nullable ServeCertificate certificate(Arguments arguments, String host) {
        Optional<String> chain = arguments.name("--cert", "a file");
        Optional<String> key = arguments.name("--key", "a file");
        if (chain.isPresent()) {
            return ServeCertificate.read(chain.get(), key.orElse(chain.get()));
        }
        if (key.isPresent()) {
            throw new UsageException("--key needs --cert FILE, the certificate that belongs to it");
        }
        return arguments.has("--tls") ? ServeCertificate.fresh(host) : null;
    }

    private static Path directory(String name) {
        if (name.isBlank()) {
            throw new UsageException("the directory is empty; . is the one you are in");
        }
        try {
            Path directory = Path.of(name);
            if (!Files.isDirectory(directory)) {
                throw new UsageException("no such directory: " + HumanFormat.printable(name));
            }
            if (!Files.isReadable(directory)) {
                throw new UsageException("cannot read " + HumanFormat.printable(name) + ": permission denied");
            }
            return directory;
        } catch (InvalidPathException e) {
            throw new UsageException("no such directory: " + HumanFormat.printable(name));
        }
    }
}
