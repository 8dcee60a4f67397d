package dev.heddle.cli.sight.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.Heddle;
import dev.heddle.cli.command.CommandLoops;
import dev.heddle.cli.sight.ObservedPrograms;
import dev.heddle.cli.sight.Program;
import dev.heddle.http.server.HttpServer;
import dev.heddle.observe.page.internal.Overview;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The page in a real browser, about a program in another JVM. With {@code -Dpictures=DIRECTORY} it leaves pictures
 * there.
 */
@Tag("full")
final class PageBrowserTest {

    /** Ten customers wait for a mutex, whose holder waits for a full queue; two wait for each other. */
    private static final String SHOP = """
            run(Config.DEFAULT.withName("main"), () -> {
                var till = Mutex.named("the till");
                Channel<String> orders = Channel.of(1);
                orders.send("tea");
                spawn("cashier", () -> till.run(() -> orders.send("milk")));
                for (int i = 1; i <= 10; i++) {
                    spawn("customer " + i, () -> till.run(() -> sleep(Duration.ofHours(1))));
                }
                var flour = Mutex.named("flour");
                var sugar = Mutex.named("sugar");
                spawn("baker", () -> flour.run(() -> {
                    sleep(Duration.ofMillis(50));
                    sugar.run(() -> {});
                }));
                spawn("confectioner", () -> sugar.run(() -> {
                    sleep(Duration.ofMillis(50));
                    flour.run(() -> {});
                }));
                spawn("kitchen", () -> group(group -> {
                    for (int i = 0; i < 200; i++) {
                        group.spawn(
                                "cook <img src=x onerror=\\"document.title='broken'\\"> " + i,
                                () -> sleep(Duration.ofHours(1)));
                    }
                }));
                spawn("radio", () -> {
                    while (true) {
                        double loud = 1.3 + Math.sin(System.nanoTime() / 6e9); // never silent: a profile hears it
                        for (double end = System.nanoTime() + loud * 2e7; System.nanoTime() < end;) {
                            Thread.onSpinWait();
                        }
                        sleep(Duration.ofMillis(40));
                    }
                });
                IO.println("ready");
                sleep(Duration.ofHours(1));
            });""";

    /** One hundred thousand tasks of one owner. */
    private static final String CROWD = """
            run(Config.DEFAULT.withName("main"), () -> {
                spawn("office", () -> group(group -> {
                    for (int i = 0; i < 100_000; i++) {
                        group.spawn("clerk " + i, () -> sleep(Duration.ofHours(1)));
                    }
                }));
                IO.println("ready");
                sleep(Duration.ofHours(1));
            });""";

    /** A server that takes 20 ms for each request, its client, and a cook who goes on for 10 ms when a guest could. */
    private static final String SERVER = """
            run(Config.DEFAULT.withName("main"), () -> {
                Handler slow = request -> {
                    sleep(Duration.ofMillis(20));
                    return Response.text("done");
                };
                try (HttpServer server = HttpServer.builder().get("/", slow).start("127.0.0.1", 0);
                        HttpClient client = HttpClient.create()) {
                    Channel<String> pass = Channel.of(1);
                    spawn("guest", () -> pass.forEach(soup -> {}));
                    spawn("cook", () -> {
                        while (true) {
                            pass.send("soup");
                            for (long end = System.nanoTime() + 10_000_000; System.nanoTime() < end;) {
                                Thread.onSpinWait();
                            }
                            sleep(Duration.ofMillis(30));
                        }
                    });
                    IO.println("ready");
                    while (true) {
                        client.get("http://" + server.address() + "/").text();
                    }
                }
            });""";

    /** A node of a cluster with two queues: one is handled, of the other a job has failed. */
    private static final String MAIL = """
            run(Config.DEFAULT.withName("main"), () -> {
                try (var cluster = dev.heddle.cluster.Cluster.local()) {
                    var mail = cluster.jobs("mail");
                    mail.handle("send", 2, job -> {
                        sleep(Duration.ofMillis(100));
                        return job.payload();
                    });
                    var bills = cluster.jobs("<b>bills");
                    bills.handle("print", 1, job -> {
                        throw new IllegalStateException("no paper");
                    });
                    bills.submit(dev.heddle.cluster.JobSpec
                            .of("print", dev.heddle.cluster.store.Bytes.EMPTY).withMaxAttempts(1));
                    IO.println("ready");
                    while (true) {
                        mail.submit("send", dev.heddle.cluster.store.Bytes.utf8("ada")).join();
                    }
                }
            });""";

    private static final @Nullable String PICTURES = System.getProperty("pictures");

    /** So that there is something to be seen in the plots. */
    private static final Duration WHILE = Duration.ofSeconds(35);

    @TempDir
    Path directory;

    @FunctionalInterface
    private interface Look {
        void at(Browser browser, Process program) throws Exception;
    }

    private void look(String body, Look look) throws Exception {
        look(body, List.of(), look);
    }

    private void look(String body, List<String> options, Look look) throws Exception {
        assumeTrue(Files.isExecutable(Browser.CHROMIUM), "Chromium is not installed");
        try (var programs = new ObservedPrograms(directory)) {
            Process process = programs.startCompiled(body, options.toArray(String[]::new));
            var program = new Program(process.pid(), programs.sockets().resolve(process.pid() + ".sock"));
            String token = PageServer.newToken();
            var source = new ProgramSource(program);
            var overview = new Overview(source);
            Heddle.run(CommandLoops.CONFIG, () -> Heddle.race(
                    () -> {
                        overview.watch(problem -> {});
                        return null;
                    },
                    () -> {
                        try (HttpServer server = PageServer.of(source, overview, token).start("127.0.0.1", 0);
                                var browser = new Browser(directory.resolve("profile"))) {
                            browser.resize(1280, 800);
                            browser.open("http://" + server.address() + "/" + token + "/");
                            browser.await("document.querySelectorAll('#tabs a').length > 3");
                            look.at(browser, process);
                        }
                        return null;
                    }));
        }
    }

    private static void picture(Browser browser, String name) throws Exception {
        if (PICTURES != null) {
            Files.write(Path.of(PICTURES, name + ".png"), browser.picture());
        }
    }

    @Test
    @Tag("night")
    void plotsMoveWithEachRound() throws Exception {
        look(SHOP, (browser, process) -> {
            browser.await("document.querySelectorAll('.plot canvas').length === 5");
            browser.await("document.querySelector('#plot-tasks output')?.textContent === '216'");
            browser.value("window.before = document.querySelector('#plot-busy canvas').toDataURL()");
            browser.await("document.querySelector('#plot-busy canvas').toDataURL() !== window.before");
            assertEquals("main", browser.value("document.querySelector('#loops tbody td')?.textContent"));
            if (PICTURES != null) {
                Heddle.sleep(WHILE);
            }
            picture(browser, "page-overview");
            browser.dark(true);
            picture(browser, "page-overview-dark");
            browser.resize(390, 800);
            picture(browser, "page-overview-narrow");
        });
    }

    @Test
    void treeExpandsByKeysAndMarkupInNamesStaysText() throws Exception {
        look(SHOP, (browser, process) -> {
            browser.press("2");
            browser.await("document.querySelectorAll('.row').length > 5");
            String rows = "[...document.querySelectorAll('.row .name')].map(row => row.textContent).join('|')";
            assertFalse(browser.value(rows).contains("cook"), browser.value(rows));
            browser.value("document.querySelector('.list').focus()");
            for (int i = 0; i < 300 && !browser.value("document.querySelector('.row[aria-selected=true]')?.textContent")
                    .contains("kitchen"); i++) {
                browser.press("ArrowDown");
            }
            browser.press("ArrowRight");
            browser.await(rows + ".includes(`cook <img src=x onerror=\"document.title='broken'\"> 3`)");
            browser.press("ArrowDown");
            browser.await("document.querySelector('.detail')?.textContent.includes('<img src=x')");
            assertEquals("0", browser.value("document.querySelectorAll('main img').length"));
            assertEquals("Program0 · Heddle", browser.value("document.title"));
            picture(browser, "page-tree");
            browser.press("ArrowLeft");
            browser.press("ArrowLeft");
            browser.await("!" + rows + ".includes('cook')");
        });
    }

    @Test
    @Tag("night")
    void hundredThousandTasksScrollOpenAndAreFilteredWithFewElements() throws Exception {
        look(CROWD, (browser, process) -> {
            String rows = "[...document.querySelectorAll('.row .name')].map(row => row.textContent).join('|')";
            String list = "document.querySelector('.list')";
            String selected = "document.querySelector('.row[aria-selected=true]')?.textContent";
            browser.press("2");
            seen(browser, 20, "document.querySelector('.tree .told')?.textContent === '100,002 tasks'");
            browser.await("/office #2 100,000/.test(" + rows + ")");

            assertQuick(browser,
                    "[...document.querySelectorAll('.row')].find(row => row.textContent.includes('office'))"
                            + ".click()");
            seen(browser, 20, "/clerk 0 .*clerk 9 /.test(" + rows + ")");
            assertQuick(browser, list + ".scrollTop = 50_000 * 26");
            seen(browser, 20, "/clerk 50000 /.test(" + rows + ")");
            picture(browser, "page-tree-crowd");
            assertQuick(browser, list + ".scrollTop = " + list + ".scrollHeight");
            seen(browser, 20, "/clerk 99999 /.test(" + rows + ")");
            browser.value(list + ".focus()");
            browser.press("Home");
            seen(browser, 20, selected + ".includes('loop main')");
            browser.press("End");
            seen(browser, 20, selected + ".includes('clerk 99999 ')");
            for (int i = 0; i < 5; i++) {
                browser.press("ArrowUp");
            }
            seen(browser, 20, selected + ".includes('clerk 99994 ')");

            browser.value("document.querySelector('input[type=search]').value = 'clerk 7777*'");
            browser.value("document.querySelector('input[type=search]').dispatchEvent(new Event('change'))");
            seen(browser, 20, "document.querySelector('.tree .told')?.textContent === '13 tasks'");
            seen(browser, 20, "/clerk 7777 .*clerk 77770 .*clerk 77779 /.test(" + rows + ")"); // a picture later
        });
    }

    /** Waits for so many seconds at most, and then finds no more elements than a window has rows. */
    private static void seen(Browser browser, int seconds, String expression) {
        long begin = System.nanoTime();
        browser.await(expression);
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        assertTrue(took.toSeconds() < seconds, took + " until " + expression);
        int elements = Integer.parseInt(browser.value("document.querySelectorAll('.row').length"));
        assertTrue(elements < 100, elements + " rows");
    }

    /** What the page does at once holds it up for less than half a second. */
    private static void assertQuick(Browser browser, String action) {
        double millis = Double.parseDouble(browser.value("(() => { const begin = performance.now(); " + action
                + "; document.body.getBoundingClientRect(); return performance.now() - begin; })()"));
        assertTrue(millis < 500, millis + " ms for " + action);
    }

    @Test
    @Tag("night")
    void timelineIsDrawnAndGoneThroughByKeysAndMouse() throws Exception {
        look(SHOP, (browser, process) -> {
            browser.value("location.hash = '#timeline'");
            browser.await("document.getElementById('record-timeline') !== null");
            browser.value("document.querySelector('.timelines select').value = '1000'");
            browser.value("document.getElementById('record-timeline').click()");
            browser.await("/^[1-9][0-9,]* runs · /.test(document.querySelector('.timelines .told')?.textContent)");
            String run = "document.getElementById('timeline-run').textContent";
            String canvas = "document.querySelector('.timeline canvas')";
            String drawn = canvas + ".toDataURL()";
            browser.value(canvas + ".focus()");
            browser.await("/, on main; run 1 of [0-9,]+ in main$/.test(" + run + ")");
            // What ran longest stands next to the loop.
            browser.press("ArrowDown");
            browser.press("Home");
            browser.await(
                    "/^radio: began at .*, took [0-9.]+ ms, on main; run 1 of [0-9]+ in radio$/.test(" + run + ")");
            browser.press("ArrowRight");
            browser.await("/ run 2 of /.test(" + run + ")");
            picture(browser, "page-timeline");
            browser.value("window.all = " + drawn);
            browser.press("+");
            browser.await(drawn + " !== window.all");
            browser.value("window.near = " + drawn);
            browser.press("Enter");
            browser.await(drawn + " !== window.near");
            browser.press("Escape");
            browser.await(drawn + " === window.all");
            browser.value("window.at = (box => ({ bubbles: true, cancelable: true, clientX: box.left + 300,"
                    + " clientY: box.top + 30 }))(" + canvas + ".getBoundingClientRect())");
            browser.value(canvas + ".dispatchEvent(new WheelEvent('wheel', { ...at, deltaY: -100, ctrlKey: true }))");
            browser.await(drawn + " !== window.all");
            browser.press("Escape");
            browser.await(drawn + " === window.all");
            browser.value(canvas + ".dispatchEvent(new PointerEvent('pointermove', at))");
            browser.await("/ in main$/.test(" + run + ")");
            browser.dark(true);
            browser.await(drawn + " !== window.all");
            picture(browser, "page-timeline-dark");
        });
    }

    @Test
    @Tag("night")
    void latenciesOfRequestsAndOfLoopsArePlotted() throws Exception {
        look(SERVER, (browser, process) -> {
            browser.await("document.getElementById('plot-requests').hidden === false");
            browser.await(
                    "/^(2[0-9.]+|[3-9][0-9.]+) ms$/"
                            + ".test(document.querySelector('#plot-requests output')?.textContent)");
            browser.await("/p50[^]*p99/.test(document.querySelector('#plot-requests .u-legend')?.textContent)");
            String delay = "document.querySelector('#plot-delay output')?.textContent";
            browser.await("/ ms$/.test(" + delay + ") && parseFloat(" + delay + ") >= 9");
            picture(browser, "page-latencies");
        });
    }

    @Test
    @Tag("night")
    void graphIsDrawnWithItsCyclesAndWhoHoldsUpTheOthers() throws Exception {
        look(SHOP, (browser, process) -> {
            browser.press("3");
            browser.await("document.querySelectorAll('#graph .box').length > 3");
            picture(browser, "page-waits");
            assertEquals("2", browser.value("document.querySelectorAll('#graph .box.cycle').length"));
            assertEquals("2", browser.value("document.querySelectorAll('#graph .edge.cycle').length"));
            String cashier = browser.value("[...document.querySelectorAll('.box')].find(box => "
                    + "box.textContent.includes('cashier') && !box.textContent.includes('customer'))"
                    + ".getAttribute('aria-label')");
            assertTrue(cashier.contains("Holds up: 10") && cashier.contains("sending to a channel of 1"), cashier);
            browser.dark(true);
            picture(browser, "page-waits-dark");
        });
    }

    @Test
    void deadlockIsDrawnFirstThoughMoreWaitThanAreDrawn() throws Exception {
        look(SHOP.replace("i <= 10", "i <= 400"), (browser, process) -> {
            browser.press("3");
            browser.await("document.querySelectorAll('#graph .box').length > 3");
            assertEquals("2", browser.value("document.querySelectorAll('#graph .box.cycle').length"));
            assertEquals("true", browser.value("[...document.querySelectorAll('#graph .box.cycle')]"
                    + ".every(box => box.getBoundingClientRect().top < innerHeight)"));
        });
    }

    @Test
    @Tag("night")
    void viewThatIsFirstOpenedWhilePausedSaysSo() throws Exception {
        look(SHOP, (browser, process) -> {
            browser.press("p");
            browser.press("3");
            browser.await("document.getElementById('problem').innerText.startsWith('paused')");
            assertEquals("0", browser.value("document.querySelectorAll('#graph .box').length"));
            browser.press("p");
            browser.await("document.querySelectorAll('#graph .box').length > 3");
            assertEquals("", browser.value("document.getElementById('problem').innerText"));
        });
    }

    @Test
    @Tag("night")
    void noLineIsDrawnOverTheTimeInWhichAProgramWasStopped() throws Exception {
        look(SHOP, (browser, process) -> {
            browser.value("import('./overview.js').then(overview => window.gaps = overview.withGaps)");
            browser.await("window.gaps !== undefined");
            assertEquals("0,1000,,13000", browser.value(
                    "window.gaps([{ time: 0 }, { time: 1000 }, { time: 13000 }]).map(round => round?.time ?? '')"));
            assertEquals("0,2000",
                    browser.value("window.gaps([{ time: 0 }, { time: 2000 }]).map(round => round.time)"));
        });
    }

    @Test
    @Tag("night")
    void chainIsDrawnLinkByLinkIntoAChildProcessWithItsLines() throws Exception {
        look(ObservedPrograms.CHAIN, (browser, process) -> {
            browser.press("3");
            // Who: task main (...); ... -> Who: process 4803; ...
            String links = "[...document.querySelectorAll('#graph .edge')].map(edge => ['from', 'to'].map(end => "
                    + "[...document.querySelectorAll('#graph .box')].find(box => box.dataset.id === edge.dataset[end])"
                    + ".getAttribute('aria-label')).join(' -> ')).join('\\n')";
            browser.await("/ -> Who: task waiter /.test(" + links + ")");
            String told = browser.value(links);
            String child = told.replaceFirst("(?s).* -> Who: process (\\d+).*", "$1");
            String line = "[^\\n]*At: [^;\\n]*\\(Program0\\.java:\\d+\\)[^\\n]*";
            String main = "Who: task main [^\\n]*Waits for: a body in a child process \\(" + child + "\\)" + line;
            String body = "Who: process " + child + "; State: a child process; Holds up: 2";
            String there = "; Process: " + child + "; [^\\n]*Waits for: ";
            String thread = "Who: thread [^\\n]*" + there + "the end of loop-0" + line;
            String join = "Who: task main [^\\n]*" + there + "joining task guest " + line;
            String guest = "Who: task guest [^\\n]*" + there + "acquiring mutex kitchen" + line;
            String cook = "Who: task cook [^\\n]*" + there + "sending to a channel of 1" + line;
            String waiter = "Who: task waiter [^\\n]*; Process: " + child + "; [^\\n]*Holds up: 6" + line;
            List<String> chain = List.of(main, body, thread, join, guest, cook, waiter);
            for (int i = 1; i < chain.size(); i++) {
                String link = chain.get(i - 1) + " -> " + chain.get(i);
                assertTrue(Pattern.compile("(?m)^" + link + "$").matcher(told).find(), link + "\nin\n" + told);
            }
            assertEquals("7", browser.value("[...document.querySelectorAll('#graph .box .where')].filter(text => "
                    + "/Program0\\.java:\\d+/.test(text.textContent)).length"));
            picture(browser, "page-waits-child");
        });
    }

    @Test
    @Tag("night")
    void treeGoesOnIntoChildProcesses() throws Exception {
        look(ObservedPrograms.CHAIN, (browser, process) -> {
            browser.press("2");
            // Each row with its level: 1 process 4803, 2 loop loop-0, 3 main, 4 cook.
            String rows = "[...document.querySelectorAll('.row')].map(row => row.ariaLevel + ' '"
                    + " + row.querySelector('.name').textContent.replace('▾', '')).join('|')";
            browser.await("/1 process [0-9]+[|]2 loop loop-0 .*[|]3 main #.*[|]4 cook #.*[|]4 guest #/.test("
                    + rows + ")");
            browser.await("/^[0-9]+ tasks, [4-9] of them in child processes$/"
                    + ".test(document.querySelector('.tree .told')?.textContent)");
            String child = browser.value(rows).replaceFirst("(?s).*process (\\d+).*", "$1");
            browser.value(
                    "[...document.querySelectorAll('.row')].find(row => row.textContent.includes('cook')).click()");
            browser.await("/Process\\s*" + child + "\\s*Loop/.test(document.querySelector('.detail')?.innerText)");
            picture(browser, "page-tree-child");
            browser.value("document.querySelector('.row.process').click()");
            browser.await("!" + rows + ".includes('cook')");
        });
    }

    @Test
    void tablesTellWhatTasksDoAndWhatPartsThereAre() throws Exception {
        look(SHOP, (browser, process) -> {
            browser.value("location.hash = '#top'");
            browser.await("/radio/.test(document.querySelector('#top tbody')?.innerText)");
            browser.resize(390, 800);
            assertEquals("true", browser.value("[...document.querySelectorAll('#top tbody td')]"
                    + ".filter(cell => /^[a-z]+$/.test(cell.innerText)).every(cell => cell.getBoundingClientRect().left >= 0"
                    + " && cell.clientHeight < 40)")); // one word, one line
            browser.resize(1280, 800);
            browser.value("location.hash = '#pools'");
            browser.await("/the till/.test(document.querySelector('#pools tbody')?.innerText)");
            assertEquals("", browser.value("document.getElementById('problem').innerText"));
        });
    }

    private static String card(String queue) {
        return "[...document.querySelectorAll('.queues article')].find(each => each.ariaLabel === '" + queue
                + "')?.innerText";
    }

    @Test
    void queuesOfJobsAreShownWithTheirRatesAndMayOnlyBeLookedAt() throws Exception {
        look(MAIL, (browser, process) -> {
            browser.await("document.getElementById('tab-jobs') !== null");
            browser.value("location.hash = '#jobs'");
            browser.await("/mail[^]*Done here\\s+[1-9][0-9]*, [1-9][0-9.]*[/]s/.test(" + card("mail") + ")");
            browser.await("/Dead letters\\s+1/.test(" + card("<b>bills") + ")");
            browser.await("/dead letter print ~[^ ]+: java.lang.IllegalStateException: no paper/.test("
                    + card("<b>bills") + ")");
            browser.await("document.querySelector('.jobs .told').textContent.startsWith('2 queues · ')");
            assertEquals("0", browser.value("document.querySelectorAll('.queues b').length"));
            assertEquals("0", browser.value("document.querySelectorAll('.queues button:not([data-act=open])').length"));
            picture(browser, "page-jobs");
            browser.value(
                    "[...document.querySelectorAll('.queues article')].find(each => each.ariaLabel === '<b>bills')"
                            + ".querySelector('[data-act=open]').click()");
            browser.await("document.querySelector('.found tbody td') !== null");
            assertEquals("0", browser.value("document.querySelectorAll('.found [data-act]').length"));
        });
    }

    @Test
    @Tag("night")
    void queuesArePausedAndDeadLettersRetriedWhereTheProgramLetsPeopleAct() throws Exception {
        look(MAIL, List.of("-Dheddle.observe=acts"), (browser, process) -> {
            browser.await("document.getElementById('tab-jobs') !== null");
            browser.value("location.hash = '#jobs'");
            String button = "document.querySelector('article[aria-label=mail] [data-act=";
            browser.await(button + "pause]') !== null");
            browser.value(button + "pause]').focus()");
            browser.value(button + "pause]').click()");
            browser.await("/^mail paused/.test(" + card("mail") + ")");
            browser.await("/Here\\s+0 of 2/.test(" + card("mail") + ")");
            assertEquals("resume", browser.value("document.activeElement.dataset.act"));
            browser.value(button + "resume]').click()");
            browser.await("/^mail\\s*\\n/.test(" + card("mail") + ")");
            browser.await(button + "pause]') !== null");
            browser.await("document.querySelector('[data-act=retry]') !== null");
            browser.value("document.querySelector('[data-act=retry]').click()");
            browser.await("/Failed here\\s+[2-9]/.test(" + card("<b>bills") + ")");
            browser.value(button + "drain]').click()");
            browser.await("/Here\\s+0 of 0/.test(" + card("mail") + ")");
            assertEquals("", browser.value("document.getElementById('problem').innerText"));
            picture(browser, "page-jobs-acts");
        });
    }

    private static String rows(String table) {
        return "[...document.querySelectorAll('." + table + " tbody tr')].map(row => row.innerText).join('|')";
    }

    @Test
    @Tag("night")
    void jobsOfAQueueAreSearchedShownAndRetried() throws Exception {
        look(MAIL, List.of("-Dheddle.observe=acts"), (browser, process) -> {
            browser.await("document.getElementById('tab-jobs') !== null");
            browser.value("location.hash = '#jobs'");
            browser.await("document.querySelector('article[aria-label=mail] [data-act=open]') !== null");
            browser.value("document.querySelector('article[aria-label=mail] [data-act=open]').click()");
            browser.await(
                    "/^send\\s+0\\s+0\\s+[0-9]+ of 2\\s+0\\s+[0-9.]+\\s+1[0-9.]+ ms/.test(" + rows("kinds") + ")");
            browser.await("/send\\s+done/.test(" + rows("found") + ")");
            browser.value("document.querySelector('.inside select').value = 'cancelled'");
            browser.value("document.querySelector('.inside select').dispatchEvent(new Event('change'))");
            browser.await("document.querySelectorAll('.found tbody tr').length === 0");
            picture(browser, "page-jobs-inside");

            browser.value("document.querySelector('.inside .tools button').click()");
            String bills = "[...document.querySelectorAll('article')].find(each => each.ariaLabel === '<b>bills')";
            browser.await(bills + " !== undefined");
            browser.value(bills + ".querySelector('[data-act=open]').click()");
            browser.await("/print\\s+dead\\s[^|]*IllegalStateException: no paper/.test(" + rows("found") + ")");
            browser.value("document.querySelector('.inside input').value = 'PAPER'");
            browser.value("document.querySelector('.inside input').dispatchEvent(new Event('change'))");
            browser.await("document.querySelector('.inside .told').textContent === ''"
                    + " || document.querySelectorAll('.found tbody tr').length === 1");
            browser.value("document.querySelector('.found .plain').click()");
            browser.await(
                    "document.querySelector('.failure').innerText.includes('IllegalStateException: no paper\\n')");
            picture(browser, "page-jobs-failure");
            browser.dark(true);
            picture(browser, "page-jobs-failure-dark");
            browser.resize(390, 800);
            picture(browser, "page-jobs-failure-narrow-dark");
            browser.dark(false);
            picture(browser, "page-jobs-failure-narrow");
            browser.resize(1280, 800);
            browser.value("document.querySelector('.found [data-act=discard]').click()");
            browser.await("document.querySelectorAll('.found tbody tr').length === 0");
            assertEquals("", browser.value("document.getElementById('problem').innerText"));
        });
    }

    @Test
    @Tag("night")
    void flameGraphOpensInAPageOfItsOwn() throws Exception {
        look(SHOP, (browser, process) -> {
            browser.value("location.hash = '#record'");
            browser.await("document.getElementById('profile') !== null");
            browser.open(browser.value("document.getElementById('profile').href").replace("10000", "1500"));
            browser.await(
                    "document.title.includes('process')"
                            + " && document.getElementById('graph')?.innerText.includes('radio')");
        });
    }

    @Test
    @Tag("night")
    void traceIsMadeForADownload() throws Exception {
        look(SHOP, (browser, process) -> {
            browser.value("location.hash = '#record'");
            browser.await("document.getElementById('trace') !== null");
            browser.value("document.querySelectorAll('.record select')[1].value = '2000'");
            browser.value("document.getElementById('trace').click()");
            browser.await(
                    "/^[1-9][0-9,]* events: open the file/m.test(document.getElementById('view-record').innerText)");
        });
    }

    @Test
    @Tag("night")
    void pageThatAProgramHasMountedItselfIsTheSame() throws Exception {
        assumeTrue(Files.isExecutable(Browser.CHROMIUM), "Chromium is not installed");
        Path address = directory.resolve("address");
        try (var programs = new ObservedPrograms(directory)) {
            programs.start("""
                    run(Config.DEFAULT.withName("main"), () -> {
                        var asked = new java.util.concurrent.atomic.AtomicInteger();
                        // A proxy in front does not let the first one through.
                        Routes page = dev.heddle.observe.page.Page.routes().use((request, next) ->
                                request.path().endsWith("/live/overview") && asked.incrementAndGet() == 1
                                        ? Response.empty(502) : next.handle(request));
                        try (HttpServer server = HttpServer.builder().mount("/inside", page).start("127.0.0.1", 0)) {
                            java.nio.file.Files.writeString(java.nio.file.Path.of("%s"), server.address());
                            IO.println("ready");
                            spawn("baker", () -> sleep(Duration.ofHours(1))).join();
                        }
                    });""".formatted(address));
            Heddle.run(CommandLoops.CONFIG, () -> {
                try (var browser = new Browser(directory.resolve("profile"))) {
                    browser.resize(1280, 800);
                    browser.open("http://" + Files.readString(address) + "/inside");
                    browser.await("/^process [0-9]+ · /.test(document.getElementById('facts')?.textContent)");
                    browser.press("2");
                    browser.await("/baker #/.test(document.querySelector('.rows')?.textContent)");
                    assertEquals("", browser.value("document.getElementById('problem').innerText"));
                }
            });
        }
    }

    @Test
    void pageSaysThatTheProgramHasEnded() throws Exception {
        look(SHOP, (browser, process) -> {
            browser.await("document.querySelectorAll('.plot canvas').length === 5");
            process.destroyForcibly().waitFor();
            browser.await("document.getElementById('problem')?.textContent.includes('has ended')");
            assertEquals("true", browser.value("document.querySelectorAll('.plot canvas').length === 5"));
        });
    }
}
