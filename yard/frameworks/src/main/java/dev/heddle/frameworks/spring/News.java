package dev.heddle.frameworks.spring;

import static dev.heddle.Heddle.group;

import dev.heddle.Loop;
import dev.heddle.RestartPolicy;
import dev.heddle.Task;
import dev.heddle.Ticker;
import dev.heddle.http.client.HttpClient;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/** A reader of the news, again and again while the application runs. */
@Component
class News implements SmartLifecycle {

    private final Loop loop;
    private final HttpClient http;
    private final Pages pages;
    private volatile String latest = "";
    private volatile @Nullable Task<Void> reading;

    News(Loop loop, HttpClient http, Pages pages) {
        this.loop = loop;
        this.http = http;
        this.pages = pages;
    }

    @Override
    public void start() {
        reading = loop.spawn(() -> group(g -> {
            g.supervise("news", RestartPolicy.DEFAULT, () -> read());
        }));
    }

    private void read() {
        Ticker ticker = Ticker.every(pages.refresh());
        while (true) {
            latest = http.get(pages.news()).expectSuccess().text();
            ticker.awaitTick();
        }
    }

    @Override
    public void stop(Runnable stopped) {
        Task<Void> task = reading;
        if (task == null) {
            stopped.run();
        } else {
            task.cancel("the application stops");
            task.onDone(done -> stopped.run());
        }
    }

    @Override
    public int getPhase() {
        return 0;
    }

    @Override
    public void stop() {
        stop(() -> {});
    }

    @Override
    public boolean isRunning() {
        Task<Void> task = reading;
        return task != null && !task.isDone();
    }

    /** The text of the last time. */
    String latest() {
        return latest;
    }
}
