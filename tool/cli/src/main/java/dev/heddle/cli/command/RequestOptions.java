package dev.heddle.cli.command;

import dev.heddle.http.client.ClientRequest;
import dev.heddle.http.client.HttpClient;
import dev.heddle.http.internal.syntax.HttpMethod;
import dev.heddle.tls.ClientTls;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of a command about its requests, in the letters that users of curl know: method, fields, body, and whom
 * to trust.
 *
 * <p>Threads: immutable.
 */
public final class RequestOptions {

    /** What is said about {@code -k}, each time. */
    public static final String INSECURE_WARNING = "warning: certificates are not verified (-k); anyone on the network can read and change this\n";

    private static final String FORM = "application/x-www-form-urlencoded";

    /** Most bytes of a file that is sent many times, and so held in memory. */
    private static final long MAX_HELD = 64L << 20;

    private final String method;
    private final List<Field> fields;
    private final byte @Nullable [] body;
    private final @Nullable Path file;
    private final boolean insecure;
    private final Version version;

    /** What to speak. */
    private enum Version {
        ANY,
        HTTP_1,
        HTTP_2
    }

    /** One header field. */
    private record Field(String name, String value) {}

    private RequestOptions(String method, List<Field> fields, byte @Nullable [] body, @Nullable Path file,
            boolean insecure, Version version) {
        this.method = method;
        this.fields = fields;
        this.body = body;
        this.file = file;
        this.insecure = insecure;
        this.version = version;
    }

    /** Adds the options of requests to those of a command. */
    public static Arguments.Syntax addTo(Arguments.Syntax syntax) {
        return syntax.option("-H", "--header")
                .option("-X", "--request")
                .option("-d", "--data")
                .flag("-k", "--insecure")
                .flag("--http1", "--http1.1")
                .flag("--http2");
    }

    /**
     * Reads the options.
     *
     * @throws UsageException if one is wrong
     */
    public static RequestOptions of(Arguments arguments) {
        List<Field> fields = new ArrayList<>();
        for (String text : arguments.all("-H")) {
            if (text.startsWith("@")) {
                read("-H", text).lines().filter(line -> !line.isBlank()).forEach(line -> fields.add(field(line)));
            } else {
                fields.add(field(text));
            }
        }
        List<String> data = arguments.all("-d");
        boolean isFile = data.size() == 1 && data.getFirst().startsWith("@");
        byte[] body = data.isEmpty() || isFile ? null : joined(data);
        if (body != null || isFile) {
            addContentType(fields);
        }
        String method = arguments.value("-X").orElse(data.isEmpty() ? "GET" : "POST");
        var options = new RequestOptions(method, List.copyOf(fields), body,
                isFile ? file("-d", data.getFirst()) : null, arguments.has("-k"), version(arguments));
        options.check();
        return options;
    }

    /** The one place that knows which versions of HTTP the client speaks. */
    private static Version version(Arguments arguments) {
        boolean one = arguments.has("--http1");
        boolean two = arguments.has("--http2");
        if (one && two) {
            throw new UsageException("--http1 and --http2 exclude each other");
        }
        return one ? Version.HTTP_1 : two ? Version.HTTP_2 : Version.ANY;
    }

    /** Several pieces are the fields of one form. */
    private static byte[] joined(List<String> data) {
        if (data.stream().anyMatch(text -> text.startsWith("@"))) {
            throw new UsageException("-d @FILE is the whole body; it goes with no other -d");
        }
        return String.join("&", data).getBytes(StandardCharsets.UTF_8);
    }

    private static void addContentType(List<Field> fields) {
        if (fields.stream().noneMatch(field -> field.name().equalsIgnoreCase("Content-Type"))) {
            fields.add(new Field("Content-Type", FORM));
        }
    }

    private static Field field(String text) {
        int colon = text.indexOf(':');
        if (colon <= 0) {
            // Not repeated: it may be a secret.
            throw new UsageException("-H needs a field as 'Name: value', or @FILE with one on each line");
        }
        return new Field(text.substring(0, colon), text.substring(colon + 1).strip());
    }

    private static String read(String option, String text) {
        Path file = file(option, text);
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw unreadable(option, file, ErrorText.of(e));
        }
    }

    private static Path file(String option, String text) {
        Path file;
        try {
            file = Path.of(text.substring(1));
        } catch (InvalidPathException e) {
            throw new UsageException(option + ": no file name: " + HumanFormat.printable(text.substring(1)));
        }
        if (!Files.isRegularFile(file)) {
            throw unreadable(option, file, "no such file");
        }
        if (!Files.isReadable(file)) {
            throw unreadable(option, file, "permission denied");
        }
        return file;
    }

    private static UsageException unreadable(String option, Path file, String why) {
        return new UsageException(option + ": cannot read " + HumanFormat.printable(file.toString()) + ": " + why);
    }

    /** Tells before anything is sent what no request will ever be. */
    private void check() {
        try (HttpClient http = HttpClient.create()) {
            applyFields(http.request(method, "http://localhost/"));
        } catch (IllegalArgumentException e) {
            throw new UsageException(HumanFormat.printable(String.valueOf(e.getMessage())));
        }
    }

    /**
     * A request for a URL.
     *
     * @throws IllegalArgumentException if the URL is not valid
     */
    public ClientRequest request(HttpClient http, String url) throws IOException {
        ClientRequest request = applyFields(http.request(method, url));
        return file != null ? request.body(file) : body != null ? request.body(body) : request;
    }

    private ClientRequest applyFields(ClientRequest request) {
        for (Field field : fields) {
            if (request.headers().contains(field.name())) {
                request.addHeader(field.name(), field.value());
            } else {
                request.header(field.name(), field.value());
            }
        }
        return request;
    }

    /** The same with the body in memory, for many requests. */
    public RequestOptions inMemory() {
        if (file == null) {
            return this;
        }
        try {
            if (Files.size(file) > MAX_HELD) {
                throw new UsageException("-d: " + HumanFormat.printable(file.toString()) + " has more than "
                        + HumanFormat.bytes(MAX_HELD));
            }
            return new RequestOptions(method, fields, Files.readAllBytes(file), null, insecure, version);
        } catch (IOException e) {
            throw unreadable("-d", file, ErrorText.of(e));
        }
    }

    public String method() {
        return method;
    }

    /** Whether certificates of servers are not checked. */
    public boolean insecure() {
        return insecure;
    }

    /**
     * A client that speaks the version that is asked for, by default the best that a server offers, and trusts as told.
     */
    public HttpClient.Builder client() {
        HttpClient.Builder client = HttpClient.builder()
                .tls(insecure ? ClientTls.DEFAULT.insecure() : ClientTls.DEFAULT);
        return switch (version) {
            case ANY -> client;
            case HTTP_1 -> client.http1Only();
            case HTTP_2 -> client.http2PriorKnowledge();
        };
    }

    /** The same with HTTP/1.1 if nothing was asked for. */
    public RequestOptions byDefaultHttp1() {
        return version == Version.ANY
                ? new RequestOptions(method, fields, body, file, insecure, Version.HTTP_1)
                : this;
    }

    /** Whether it asks for a page and sends nothing. */
    public boolean isGetWithoutBody() {
        return method.equals("GET") && body == null && file == null;
    }

    /** Whether it may be sent again though it may have arrived (RFC 9110, section 9.2.2). */
    public boolean isIdempotent() {
        return HttpMethod.isIdempotent(method);
    }
}
