package dev.heddle.cli.sight.page;

import dev.heddle.Heddle;
import dev.heddle.cli.command.JsonText;
import dev.heddle.http.WebSocket;
import dev.heddle.http.WebSocketMessage;
import dev.heddle.http.WebSocketOptions;
import dev.heddle.http.client.HttpClient;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A Chromium without a window, driven by its DevTools protocol, with one page open.
 *
 * <p>Threads: a task.
 */
final class Browser implements AutoCloseable {

    static final Path CHROMIUM = Path.of("/usr/bin/chromium");

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int MAX_MESSAGE = 64 << 20;

    private final Process process;
    private final HttpClient http = HttpClient.create();
    private final WebSocket socket;
    private int sent;

    /** @param directory empty, for what it keeps */
    Browser(Path directory) throws IOException {
        process = new ProcessBuilder(
                CHROMIUM.toString(), "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars",
                "--force-prefers-reduced-motion", "--user-data-dir=" + directory, "--remote-debugging-port=0",
                "about:blank").redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
        Path port = directory.resolve("DevToolsActivePort");
        long begin = System.nanoTime();
        while (!Files.exists(port) || Files.readAllLines(port).size() < 2) {
            if (System.nanoTime() - begin > PATIENCE.toNanos() || !process.isAlive()) {
                throw new AssertionError("Chromium does not begin");
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        String tab = http.request("PUT", "http://127.0.0.1:" + Files.readAllLines(port).getFirst() + "/json/new").send()
                .text();
        String page = tab.replaceFirst("(?s).*\"webSocketDebuggerUrl\": \"([^\"]*)\".*", "$1");
        socket = http.webSocket(page).options(WebSocketOptions.DEFAULT.withMaxMessageBytes(MAX_MESSAGE)).connect();
    }

    /** Sends a command and gives the field {@code value} or {@code data} of its result; empty without one. */
    private String command(String method, String parameters) {
        int id = ++sent;
        socket.sendText("{\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + parameters + "}");
        while (true) {
            String answer = ((WebSocketMessage.Text) socket.receive().orElseThrow()).text();
            if (answer.startsWith("{\"id\":" + id + ",")) {
                if (answer.contains("\"exceptionDetails\"") || answer.contains("\"error\":{")) {
                    throw new AssertionError(answer);
                }
                return field(answer);
            }
        }
    }

    private static String field(String answer) {
        try (JsonParser json = new JsonFactory().createParser(ObjectReadContext.empty(), answer)) {
            for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
                if (token == JsonToken.PROPERTY_NAME && json.currentName().matches("value|data")) {
                    json.nextToken();
                    return json.getString();
                }
            }
        }
        return "";
    }

    private static String quoted(String text) {
        var json = new StringBuilder();
        JsonText.string(json, text);
        return json.toString();
    }

    void open(String address) {
        command("Page.navigate", "{\"url\":" + quoted(address) + "}");
    }

    /** The value of an expression of the page, as text. */
    String value(String expression) {
        return command("Runtime.evaluate",
                "{\"returnByValue\":true,\"expression\":" + quoted("String(" + expression + ")") + "}");
    }

    /** Waits until an expression of the page is true. */
    void await(String expression) {
        long begin = System.nanoTime();
        while (!value(expression).equals("true")) {
            if (System.nanoTime() - begin > PATIENCE.toNanos()) {
                throw new AssertionError("not true: " + expression + "\n" + value("document.body.innerText"));
            }
            Heddle.sleep(Duration.ofNanos(POLL_NANOS));
        }
    }

    /** Presses a key as a person does. */
    void press(String key) {
        String text = key.length() == 1 ? ",\"text\":" + quoted(key) : "";
        command("Input.dispatchKeyEvent", "{\"type\":\"keyDown\",\"key\":" + quoted(key) + text + "}");
        command("Input.dispatchKeyEvent", "{\"type\":\"keyUp\",\"key\":" + quoted(key) + "}");
    }

    void resize(int width, int height) {
        command("Emulation.setDeviceMetricsOverride",
                "{\"width\":" + width + ",\"height\":" + height + ",\"deviceScaleFactor\":1,\"mobile\":false}");
    }

    /** Whether the user of the system likes it dark. */
    void dark(boolean dark) {
        command("Emulation.setEmulatedMedia", "{\"features\":[{\"name\":\"prefers-color-scheme\",\"value\":\""
                + (dark ? "dark" : "light") + "\"}]}");
    }

    /** A picture of the window, as PNG. */
    byte[] picture() {
        return Base64.getDecoder().decode(command("Page.captureScreenshot", "{\"format\":\"png\"}"));
    }

    @Override
    public void close() {
        http.close();
        List<ProcessHandle> below = process.descendants().toList();
        if (process.toHandle().isAlive()) { // else its number may be another's
            below.forEach(ProcessHandle::destroyForcibly);
        }
        process.destroyForcibly();
        process.onExit().join();
    }
}
