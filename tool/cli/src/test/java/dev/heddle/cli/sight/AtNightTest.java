package dev.heddle.cli.sight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cli.CommandLine;
import dev.heddle.cli.command.Exit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The ten questions of chapter 33, each about a small program that is ill, each answered by one command. */
@Tag("full")
class AtNightTest {

    private static final Path CHAPTER = Path.of("..", "..", "docs", "guide", "33-see-it-run.md");

    private static final int MAX_LINES = 30;

    /** The line of a program that is to blame. */
    private static final String CULPRIT = "// culprit";

    private enum Question {

        BUSY_TASK("Which task uses the CPU?", "heddle top PID", """
                run(() -> {
                    spawn("price of 17", () -> {
                        while (true) {
                            for (long end = System.nanoTime() + 5_000_000; System.nanoTime() < end;) {}
                            sleep(Duration.ofMillis(5));
                        }
                    });
                    IO.println("ready");
                    sleep(Duration.ofHours(1));
                });""", "NAME\\R +[1-9][^\\n]*  price of #\\R"),

        LOCK("Which lock do they wait for, and who holds it?", "heddle waits PID", """
                run(() -> {
                    Mutex till = Mutex.named("till");
                    spawn("cashier", () -> till.run(() -> {
                        sleep(Duration.ofHours(1)); // culprit
                    }));
                    for (int i = 0; i < 20; i++) {
                        spawn("customer " + i, () -> till.run(() -> {}));
                    }
                    checkpoint();
                    IO.println("ready");
                    sleep(Duration.ofHours(1));
                });""",
                "\\Rtask cashier \\(loop, running\\): sleeping 1 h, for [^\\n]+; holds up 20\\R[^\\n]*LINE(?s:.*)"
                        + "task customer 0 \\(loop, running\\): acquiring mutex till, held by task cashier"),

        ROUTE("Which route uses the CPU?", "heddle top PID", """
                run(() -> {
                    var server = HttpServer.builder()
                            .get("/items/{id}", request -> Response.text("item"))
                            .get("/report/{month}", request -> {
                                for (long end = System.nanoTime() + 5_000_000; System.nanoTime() < end;) {}
                                return Response.text("report");
                            })
                            .start("127.0.0.1", 0);
                    var http = HttpClient.create();
                    String base = "http://127.0.0.1:" + server.port();
                    IO.println("ready");
                    while (true) {
                        http.get(base + "/items/7").text();
                        http.get(base + "/report/november").text();
                        sleep(Duration.ofMillis(5));
                    }
                });""", "NAME\\R +[1-9][^\\n]*  GET /report/\\{month\\}\\R"),

        CONNECTION("Which connection is late, or holds a request?", "heddle connections PID", """
                run(() -> {
                    var server = HttpServer.builder()
                            .get("/wait", request -> {
                                sleep(Duration.ofHours(1));
                                return Response.text("late");
                            })
                            .start("127.0.0.1", 0);
                    var late = Tcp.connect("127.0.0.1", server.port());
                    late.write("GET /never HTTP/1.1\\r\\nHost: lo");
                    var waits = Tcp.connect("127.0.0.1", server.port());
                    waits.write("GET /wait HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n");
                    IO.println("ready");
                    sleep(Duration.ofHours(1));
                });""", "127\\.0\\.0\\.1:\\d+  HTTP/1\\.1  head [^\\n]* \\d+\\.\\d+ s"
                + "(?s:.*)127\\.0\\.0\\.1:\\d+  HTTP/1\\.1  exchange [^\\n]* - +\"GET /wait\"\\R"),

        LEAK("Which tasks pile up?", "heddle top --sort tasks PID", """
                run(() -> {
                    spawn("accept", () -> sleep(Duration.ofHours(1)));
                    for (int i = 0; i < 3_000; i++) {
                        spawn("session " + i, () -> sleep(Duration.ofHours(1)));
                    }
                    checkpoint();
                    IO.println("ready");
                    sleep(Duration.ofHours(1));
                });""", "NAME\\R[^\\n]* 3,000 +3,000  session #\\R"),

        HELD_LOOP("Which loop is held, and by what?", "heddle ps PID", """
                run(Config.DEFAULT.withName("shop"), () -> {
                    spawn("parse invoices", () -> {
                        IO.println("ready");
                        while (true) {
                            Thread.onSpinWait(); // culprit
                        }
                    });
                });""", "shop +\\w+ [^\\n]* held by parse invoices at Program0\\S*\\(LINE\\)"),

        POOL("Which pool is stuck?", "heddle pools PID", """
                WorkerPool idle = WorkerPool.of(WorkerPoolOptions.DEFAULT.withName("letters"));
                WorkerPool pool = WorkerPool.of(WorkerPoolOptions.DEFAULT.withName("digest").withWorkers(2)); // culprit
                run(() -> {
                    for (int i = 0; i < 7; i++) {
                        pool.submit(() -> {
                            Thread.sleep(Duration.ofHours(1));
                            return "";
                        });
                    }
                    IO.println("ready");
                    sleep(Duration.ofHours(1));
                });""", "MADE AT\\Rworker pool +digest +100 % +5 for [^\\n]* workers 2, busy 2, queued 5  [^\\n]*LINE"
                + "[^\\n]*\\R +digest-\\d for [^\\n]* at Program0\\S*:\\d+"),

        QUEUE("Which queue grows?", "heddle pools PID", """
                run(() -> {
                    WorkQueue<String> mails = WorkQueue.fifo(10);
                    WorkQueue<String> orders = WorkQueue.fifo(1_000); // culprit
                    mails.put("one");
                    for (int i = 0; i < 900; i++) {
                        orders.put("order " + i);
                    }
                    IO.println("ready");
                    sleep(Duration.ofHours(1));
                });""", "MADE AT\\Rqueue +90 % +capacity 1,000, size 900[^\\n]*LINE"),

        SLOW_PEER("Which peer does not read?", "heddle waits --all PID", """
                run(() -> {
                    Listener listener = Tcp.listen(0);
                    spawn("feed", () -> {
                        var stream = listener.accept();
                        while (true) {
                            stream.write(new byte[1_000_000]); // culprit
                        }
                    });
                    var peer = Tcp.connect("127.0.0.1", listener.port());
                    IO.println("ready");
                    sleep(Duration.ofHours(1));
                    peer.close();
                });""", "task feed \\(loop, running\\): [^\\n]*writ[^\\n]*127\\.0\\.0\\.1:\\d+[^\\n]*\\R[^\\n]*LINE"),

        CANCELLED("Which task is cancelled but still alive?", "heddle tree --state cancelled --lines PID", """
                run(() -> {
                    spawn("healthy", () -> sleep(Duration.ofHours(1)));
                    Task<?> saver = spawn("save drafts", () -> {
                        try {
                            sleep(Duration.ofHours(1));
                        } finally {
                            shield(() -> sleep(Duration.ofHours(1))); // culprit
                        }
                    });
                    checkpoint();
                    saver.cancel("the shop closes");
                    checkpoint();
                    IO.println("ready");
                    sleep(Duration.ofHours(1));
                });""",
                "tasks\\R +main #1: [^\\n]*\\R +save drafts #\\d+: "
                        + "[^\\n]*, cancelled [^\\n]* ago: the shop closes  [^\\n]* at [^\\n]*LINE");

        private final String words;
        private final String command;
        private final String program;
        private final String answer;

        /** @param answer what the command is to tell, where {@code LINE} is the line of code that is to blame */
        Question(String words, String command, String program, String answer) {
            this.words = words;
            this.command = command;
            this.program = program;
            this.answer = answer;
        }

        String[] commandFor(Process process) {
            return command.substring("heddle ".length()).replace("PID", Long.toString(process.pid())).split(" ", -1);
        }
    }

    @TempDir
    Path directory;

    private ObservedPrograms programs;

    @BeforeEach
    void begin() {
        programs = new ObservedPrograms(directory);
    }

    @AfterEach
    void end() {
        programs.close();
    }

    @ParameterizedTest
    @EnumSource
    void oneCommandNamesWhoIsToBlame(Question question) throws Exception {
        Process process = programs.startCompiled(question.program);
        List<String> source = Files.readAllLines(directory.resolve("Program0.java"));
        assertTrue(source.size() <= MAX_LINES, question.program);
        int line = 1 + IntStream.range(0, source.size()).filter(i -> source.get(i).endsWith(CULPRIT)).findFirst()
                .orElse(-1);
        Pattern answer = Pattern.compile(question.answer.replace("LINE", "Program0\\.java:" + line + "\\b"));
        CommandLine told = programs.heddleUntil(answer, question.commandFor(process));
        assertEquals(Exit.FINE, told.exit(), told::err);
    }

    @Test
    void guideAsksTheTenAndNoOthersAndAnswersByTheseCommands() throws IOException {
        String section = Files.readString(CHAPTER).split("\n## Ten questions at night\n", 2)[1].split("\n## ", 2)[0];
        List<String> rows = section.lines()
                .filter(line -> line.startsWith("| "))
                .skip(1)
                .map(line -> line.substring(0, line.indexOf(" |", line.indexOf("` |"))))
                .toList();
        assertEquals(
                Arrays.stream(Question.values())
                        .map(question -> "| " + question.words + " | `" + question.command + "`")
                        .toList(),
                rows);
    }
}
