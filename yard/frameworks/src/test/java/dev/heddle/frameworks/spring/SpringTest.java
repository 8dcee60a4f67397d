package dev.heddle.frameworks.spring;

import static dev.heddle.Heddle.offload;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.frameworks.OtherServer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.boot.web.server.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.ApplicationListener;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.dao.DataIntegrityViolationException;

/** The application of the guide, with a real web server, and a server of somebody else that it asks. */
final class SpringTest {

    private static final String TOO_LONG = "far too long for a greeting";

    private OtherServer other;

    @BeforeEach
    void startOtherServer() throws IOException {
        other = new OtherServer();
    }

    @AfterEach
    void closeOtherServer() {
        other.close();
    }

    private ServletWebServerApplicationContext start(String... properties) {
        return (ServletWebServerApplicationContext) new SpringApplicationBuilder(Application.class)
                .properties(
                        "server.port=0",
                        "pages.urls=" + other.url("/a") + "," + other.url("/bb"),
                        "pages.news=" + other.url(OtherServer.NEWS))
                .properties(properties)
                .run();
    }

    private static Browser browser(ServletWebServerApplicationContext application) {
        return new Browser(application.getWebServer().getPort());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void pagesAreAskedForTogetherWhateverThreadsTheWebServerHas(boolean virtual) throws Exception {
        try (var application = start("spring.threads.virtual.enabled=" + virtual);
                Browser browser = browser(application)) {
            assertEquals("[2,3]", browser.get("/sizes").body());
            assertEquals("Hello: /news", browser.get("/welcome").body());
            assertEquals("Bonjour: /news", browser.get("/welcome", "fr").body(),
                    "the language goes along to the tasks");
        }
    }

    @Test
    void deadlineIsAnAnswer() throws Exception {
        try (var application = start("pages.urls=" + other.url(OtherServer.SLOW), "pages.timeout=100ms");
                Browser browser = browser(application)) {
            HttpResponse<String> answer = browser.get("/sizes");
            assertEquals(504, answer.statusCode());
            assertTrue(answer.body().contains("took too long"), answer.body());
        }
    }

    @Test
    void transactionInATaskOrOffloadedIsOneOfItsThread() throws Exception {
        try (var application = start(); Browser browser = browser(application)) {
            Loop loop = application.getBean(Loop.class);
            Greetings greetings = application.getBean(Greetings.class);
            List<String> broken = List.of("Salut", TOO_LONG);
            Task<Void> inTask = loop.spawn(() -> greetings.replace(Locale.FRENCH, broken));
            assertThrows(DataIntegrityViolationException.class, inTask::join);
            Task<Void> offloaded = loop.spawn(() -> offload(() -> greetings.replace(Locale.FRENCH, broken)));
            assertThrows(DataIntegrityViolationException.class, offloaded::join);
            assertEquals("Bonjour: /news", browser.get("/welcome", "fr").body());
            loop.spawn(() -> offload(() -> greetings.replace(Locale.FRENCH, List.of("Salut")))).join();
            assertEquals("Salut: /news", browser.get("/welcome", "fr").body());
            assertEquals(500, browser.put("/greetings", "fr", "[\"" + TOO_LONG + "\"]"));
            assertEquals(200, browser.put("/greetings", "fr", "[\"Coucou\"]"));
            assertEquals("Coucou: /news", browser.get("/welcome", "fr").body());
        }
    }

    @Test
    void requestUnderWayIsAnsweredBeforeTheLoopEnds() throws Exception {
        var application = start("pages.urls=" + other.url(OtherServer.SLOW));
        Loop loop = application.getBean(Loop.class);
        CountDownLatch closing = new CountDownLatch(1);
        application.addApplicationListener((ApplicationListener<ContextClosedEvent>) event -> closing.countDown());
        try (Browser browser = browser(application)) {
            CompletableFuture<HttpResponse<String>> answer = browser.begin("/sizes");
            other.awaitSlowRequest();
            Thread closer = Thread.ofPlatform().start(application::close);
            closing.await();
            assertFalse(loop.isClosed());
            other.answerSlowRequest();
            assertEquals("[5]", answer.join().body());
            closer.join();
        }
        assertTrue(loop.isClosed());
    }

    @Test
    void workInTheBackgroundStopsAndStartsWithTheContext() throws Exception {
        try (var application = start()) {
            News news = application.getBean(News.class);
            assertTrue(news.getPhase() < WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE,
                    "stops after requests");
            assertTrue(news.isRunning());
            application.stop();
            assertFalse(news.isRunning());
            assertFalse(application.getBean(Loop.class).isClosed());
            application.start();
            assertTrue(news.isRunning());
        }
    }

    @Test
    void newsAreReadAgainAndAgain() throws Exception {
        try (var application = start("pages.refresh=1ms")) {
            News news = application.getBean(News.class);
            CountDownLatch read = new CountDownLatch(3);
            other.onNews(read::countDown);
            read.await();
            assertEquals("/news", news.latest());
        }
    }

    @Test
    void tasksOfTheLoopAreAMeter() {
        var registry = new SimpleMeterRegistry();
        try (var application = start()) {
            application.getBean("loopMeters", MeterBinder.class).bindTo(registry);
            assertTrue(registry.get("heddle.tasks").gauge().value() >= 1);
        }
    }
}
