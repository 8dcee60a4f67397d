package dev.heddle.bench;

import io.javalin.Javalin;

/** The smallest server by Javalin; for {@link Launching}. */
final class HelloJavalin {

    private HelloJavalin() {}

    /** Serves on the port that is the argument, until the process is killed. */
    public static void main(String[] args) {
        Javalin.create(config -> {
            config.startup.showJavalinBanner = false;
            config.routes.get("/", context -> context.result("Hello"));
        }).start("127.0.0.1", Integer.parseInt(args[0]));
    }
}
