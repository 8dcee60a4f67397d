package dev.heddle.cli.sight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cli.CommandLine;
import dev.heddle.cli.command.Exit;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code heddle connections} asks programs with real sockets. */
@Tag("full")
class ConnectionsShownTest {

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

    private CommandLine shown(Process process, String regex) throws Exception {
        String pid = Long.toString(process.pid());
        return programs.heddleUntil(Pattern.compile(regex), "connections", pid);
    }

    @Test
    void requestThatWaitsForAnotherServerIsNamedOnBothSidesWithItsTaskAndLine() throws Exception {
        Process process = programs.start("""
                run(() -> {
                    var bank = HttpServer.builder()
                            .get("/{n}", request -> {
                                sleep(Duration.ofHours(1));
                                return Response.text("paid");
                            })
                            .start("127.0.0.1", 0);
                    var http = HttpClient.create();
                    var shop = HttpServer.builder()
                            .get("/pay/{n}", request -> {
                                var reply = http.get("http://127.0.0.1:" + bank.port() + "/7"); // line 21
                                return Response.text(reply.text());
                            })
                            .start("127.0.0.1", 0);
                    spawn("buyer", () -> {
                        http.get("http://127.0.0.1:" + shop.port() + "/pay/7"); // line 26
                    });
                    IO.println("ready");
                    sleep(Duration.ofHours(1));
                });""");
        String me = "127\\.0\\.0\\.1:\\d+";
        String task = "by task \\d+ connection " + me + ", ";
        String pays = "server " + me + " +" + me + "  HTTP/1\\.1  exchange [^\\n]*\"GET /pay/7\"\\R +" + task
                + "[^\\n]+, at Program0\\S*\\(Program0\\.java:21\\)\\R";
        CommandLine told = shown(process, pays);
        assertTrue(
                Pattern.compile("server " + me + " +" + me + "  HTTP/1\\.1  exchange [^\\n]*\"GET /7\"\\R +" + task
                        + "sleeping 1 h, at Program0").matcher(told.out()).find(),
                told::out);
        assertTrue(
                Pattern.compile("client http://" + me + " +" + me + "  HTTP/1\\.1  head [^\\n]* GET http://" + me
                        + "/7\\R +" + task + "[^\\n]+:21\\)\\R").matcher(told.out()).find(),
                told::out);
        assertTrue(
                Pattern.compile("client http://" + me + " +" + me + "  HTTP/1\\.1  head [^\\n]* GET http://" + me
                        + "/pay/7\\R +by task \\d+ buyer, [^\\n]+:26\\)\\R").matcher(told.out()).find(),
                told::out);
        assertEquals(Exit.FINE, told.exit(), told::err);
    }

    @Test
    void listenersWithoutHttpAreShownWithWhatTheyHaveAccepted() throws Exception {
        Process process = programs.start("""
                run(() -> {
                    var echo = Tcp.listen("127.0.0.1", 0);
                    spawn("echo", () -> echo.serve(10, stream -> {
                        stream.write(stream.readExactly(3));
                        stream.readExactly(3); // line 15
                    }));
                    var control = Unix.listen(java.nio.file.Path.of("%s"));
                    var mine = Unix.connect(java.nio.file.Path.of("%s"));
                    var theirs = control.accept();
                    mine.write("12345");
                    var peer = Tcp.connect("127.0.0.1", echo.port());
                    peer.write("abc");
                    peer.readExactly(3);
                    theirs.fill();
                    IO.println("ready");
                    sleep(Duration.ofHours(1));
                    IO.println(mine + " " + theirs + " " + peer);
                });""".replace("%s", directory.resolve("control.sock").toString()));
        String me = "127\\.0\\.0\\.1:\\d+";
        String served = "listener " + me + " +" + me
                + "  TCP +open [^\\n]* 3 B +3 B +0 B +-\\R +by task \\d+ connection "
                + me + ", reading from " + me + ", at Program0\\S*\\(Program0\\.java:15\\)\\R";
        CommandLine told = shown(process, served);
        for (String other : List.of(
                "listener " + me + " +TCP +listening, 1 accepted ",
                "listener \\S*control\\.sock +Unix +listening, 1 accepted ",
                "listener \\S*control\\.sock [^\\n]* Unix +open [^\\n]* 5 B +0 B +5 B ")) {
            assertTrue(Pattern.compile(other).matcher(told.out()).find(), () -> other + "\n" + told.out());
        }
        assertEquals(Exit.FINE, told.exit(), told::err);
    }
}
