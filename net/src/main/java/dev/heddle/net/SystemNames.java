package dev.heddle.net;

import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.LoopLocal;
import dev.heddle.engine.SystemEngine;
import dev.heddle.net.internal.dns.SystemFiles;
import dev.heddle.sync.Mutex;
import java.io.IOException;
import java.io.InputStream;
import java.net.spi.InetAddressResolverProvider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * The resolver of a loop that does as the system's files say. They are looked at again after {@link #KEEP_FILES}, on a
 * worker thread; when they have changed, there is another resolver, which remembers nothing.
 *
 * <p>Who resolves the names of hosts is said by the system property {@code heddle.resolver}, or the environment's
 * {@code HEDDLE_RESOLVER}: {@code system} for the system's own resolver, on {@link LookupThreads}; {@code own} for this
 * one.
 */
final class SystemNames {

    /** How long the files are believed to be as they were. */
    static final Duration KEEP_FILES = Duration.ofSeconds(5);

    /** The most bytes of one of the files; with more, names are the system's affair. */
    static final int MAX_FILE_BYTES = 16 << 20;

    private static final LoopLocal<SystemNames> OF_LOOP = LoopLocal.withInitial(
            () -> new SystemNames(Path.of("/etc")));

    /** Settings by which a user tells the JDK's or the system's resolver what this one does not know. */
    private static final List<String> PROPERTIES = List.of(
            "java.net.preferIPv4Stack", "java.net.preferIPv6Addresses", "jdk.net.hosts.file");

    private static final List<String> VARIABLES = List.of("RES_OPTIONS", "LOCALDOMAIN", "HOSTALIASES");

    private final Path directory;
    private final Mutex reading = Mutex.named("the files of the resolver");
    private @Nullable State state;
    private long readAt;

    SystemNames(Path directory) {
        this.directory = directory;
    }

    /** The resolver that is to find addresses; empty if that is the system's affair. Reads files at times. */
    static Optional<Resolver> forAddresses() {
        if (!asksOwn() || !isReal(Heddle.currentLoop())) {
            return Optional.empty();
        }
        return Optional.of(OF_LOOP.get().current().resolver());
    }

    /**
     * The resolver for records that the system's own does not find.
     *
     * @throws ResolveException if the loop has no system
     */
    static Resolver forRecords(String name) {
        if (!isReal(Heddle.currentLoop())) {
            throw new ResolveException(name, "a simulation has no name servers of its own: use Resolver.of", null);
        }
        return OF_LOOP.get().current().resolver();
    }

    /** Whether an engine's names are those of the system, and not a test's. */
    private static boolean isReal(Loop loop) {
        return loop.engine() instanceof SystemEngine;
    }

    private static boolean asksOwn() {
        return switch (setting()) {
            case "own" -> true;
            case "system", "" -> false;
            default -> throw new IllegalArgumentException(
                    "the resolver is to be system or own, not " + setting() + " (heddle.resolver, HEDDLE_RESOLVER)");
        };
    }

    private static String setting() {
        String property = System.getProperty("heddle.resolver");
        String setting = property == null ? System.getenv("HEDDLE_RESOLVER") : property;
        return setting == null ? "" : setting.strip();
    }

    /** What the files said, and the resolver that does so. */
    record State(Texts texts, boolean onlyFilesAndDns, Resolver resolver) {}

    /** The files as they were read. */
    record Texts(String resolvConf, String hosts, String nsswitch, boolean complete) {}

    /** What the files say now, or said a moment ago. */
    State current() {
        Loop loop = Heddle.currentLoop();
        State known = state;
        if (known != null && (loop.nanoTime() - readAt < KEEP_FILES.toNanos() || reading.isHeld())) {
            return known;
        }
        reading.acquire();
        try {
            known = state;
            if (known != null && loop.nanoTime() - readAt < KEEP_FILES.toNanos()) {
                return known;
            }
            Texts texts = Heddle.offload(this::read);
            if (known == null || !known.texts().equals(texts)) {
                known = make(texts);
                state = known;
            }
            readAt = loop.nanoTime();
            return known;
        } finally {
            reading.release();
        }
    }

    private static State make(Texts texts) {
        Optional<ResolverOptions> options = SystemFiles.options(texts.resolvConf(), texts.hosts());
        boolean plain = options.isPresent() && texts.complete() && SystemFiles.asksFilesAndDnsOnly(texts.nsswitch())
                && isLeftToUs();
        return new State(texts, plain, Resolver.of(
                options.orElseGet(() -> SystemFiles.optionsThatAreKnown(texts.resolvConf(), texts.hosts()))));
    }

    private static boolean isLeftToUs() {
        return PROPERTIES.stream().noneMatch(name -> System.getProperty(name) != null)
                && VARIABLES.stream().noneMatch(name -> System.getenv(name) != null)
                && System.getProperty("os.name", "").equals("Linux")
                && ServiceLoader.load(InetAddressResolverProvider.class).findFirst().isEmpty();
    }

    private Texts read() {
        Optional<String> resolvConf = text("resolv.conf");
        Optional<String> hosts = text("hosts");
        Optional<String> nsswitch = text("nsswitch.conf");
        return new Texts(resolvConf.orElse(""), hosts.orElse(""), nsswitch.orElse(""),
                resolvConf.isPresent() && hosts.isPresent() && nsswitch.isPresent());
    }

    /** The text of a file, which is nothing if there is none; empty if it is too long or may not be read. */
    private Optional<String> text(String name) {
        try (InputStream in = Files.newInputStream(directory.resolve(name))) {
            byte[] bytes = in.readNBytes(MAX_FILE_BYTES + 1);
            return bytes.length > MAX_FILE_BYTES
                    ? Optional.empty()
                    : Optional.of(new String(bytes, StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException e) {
            return Optional.of("");
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
