package dev.heddle.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertLinesMatch;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The examples that fetch pages: in tasks, on threads, in processes, with a poller. */
@Timeout(120)
final class PagesTogetherTest {

    private static final List<String> NAMES = List.of("baidu", "sina", "zhihu", "autohome", "bing", "csdn", "oschina");

    private static List<String> section(List<String> lines, int from) {
        return lines.subList(from, from + NAMES.size());
    }

    @Test
    void allTogetherTakeTheTimeOfTheSlowest() {
        assertEquals(
                List.of(
                        "GET page: /python",
                        "GET page: /yahoo",
                        "GET page: /github",
                        "/github this is github",
                        "/yahoo this is yahoo",
                        "/python this is python",
                        "run time is 300 ms"),
                Played.simulated("JoinAll", "serveAndFetch"));
    }

    @Test
    void headIsThereBeforeItsBodyIsRead() {
        assertEquals(
                List.of(
                        "/baidu",
                        "/chouti",
                        "/chouti 200 text/html; charset=utf-8",
                        "/baidu 200 text/html; charset=utf-8"),
                Played.simulated("StatusOfEach", "serveAndFetch"));
    }

    @Test
    void pageThatIsMissingDoesNotKeepTheOthersFromBeingDone() {
        assertEquals(
                List.of("this is cnblogs", "this is cnblogs", "this is cnblogs", "done, 1 failed"),
                Played.simulated("DeferredPages", "serveAndFetch"));
    }

    @Test
    void eachCallbackCountsDownAndTheLastEndsTheWait() {
        assertLinesMatch(
                List.of(
                        "/baidu",
                        "/bing",
                        "http://fakedomain.invalid/",
                        "Error: GET http://fakedomain.invalid/: cannot connect to fakedomain.invalid:80: .+",
                        "this is bing",
                        "this is baidu"),
                Played.simulated("CallbackAndCount", "serveAndFetch"));
    }

    @Test
    void poolBeginsAPageWhenAnotherOneIsThere() {
        assertEquals(
                List.of(
                        "GET /python",
                        "GET /yahoo",
                        "/python this is python",
                        "GET /github",
                        "/yahoo this is yahoo",
                        "GET /pypi",
                        "/github this is github",
                        "/pypi this is pypi",
                        "at most 2 at a time"),
                Played.simulated("PoolOfTasks", "serveAndFetch", 2));
    }

    /** Real sockets, threads and processes take real time, here and below. */
    @Test
    void pollerLetsOneTaskTalkOnTwoSockets() {
        assertEquals(
                List.of("/quick this is quick", "/slow this is slow"),
                Played.real("PollTwo").stream().sorted().toList());
    }

    @Test
    void libraryThatHoldsItsThreadDoesNotHoldTheLoop() {
        assertEquals(
                List.of("/chouti this is chouti", "/cnblogs this is cnblogs"),
                Played.real("BlockingLibrary").stream().sorted().toList());
    }

    @Test
    void pagesOnThreadsAreHandledThereOrInACallback() {
        List<String> lines = Played.real("PagesOnThreads");
        assertEquals(List.of("together:", "with a callback:"), List.of(lines.get(0), lines.get(8)));
        assertEquals(
                NAMES.stream().map(name -> "  /" + name + " this is " + name).sorted().toList(),
                section(lines, 1).stream().sorted().toList());
        assertEquals(
                NAMES.stream()
                        .map(name -> "  " + (8 + name.length()) + " characters: this is " + name)
                        .sorted()
                        .toList(),
                section(lines, 9).stream().sorted().toList());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void pollerIsGivenObjectsWithADescriptor() {
        assertEquals(
                List.of("b is ready: hello", "c is ready: hello", "a is ready: hello"),
                Played.real("PollObjects"));
    }

    @Test
    @Tag("full")
    void pagesOfOtherProcessesAreHandledThereOrHereInACallback() {
        List<String> pages = NAMES.stream()
                .map(name -> "  this is " + name + ", " + (8 + name.length()) + " characters, handled ")
                .sorted()
                .toList();
        List<String> lines = Played.real("PagesInProcesses");
        assertEquals("together:", lines.getFirst());
        assertEquals(
                pages.stream().map(page -> page + "in another process").toList(),
                section(lines, 1).stream().sorted().toList());
        assertEquals("with a callback:", lines.get(8));
        assertEquals(pages.stream().map(page -> page + "here").toList(), section(lines, 9).stream().sorted().toList());
    }
}
