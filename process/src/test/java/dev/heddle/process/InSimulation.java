package dev.heddle.process;

import dev.heddle.Action;
import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.engine.Engine;
import dev.heddle.engine.NioEngine;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;

/** Other tasks of a loop whose engine says that it is simulated: enough for what only asks for that. */
final class InSimulation implements Elsewhere {

    static void run(Action body) {
        Heddle.run(Config.DEFAULT.withEngine(InSimulation::engine).withSignals(false), body);
    }

    private static Engine engine() {
        Engine real = new NioEngine();
        return (Engine) Proxy.newProxyInstance(
                Engine.class.getClassLoader(), new Class<?>[]{Engine.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("isSimulated")) {
                        return true;
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Override
    public <T> Started<T> start(RemoteCallable<T> body) {
        Task<T> task = Heddle.spawn(body);
        return task::join;
    }

    @Override
    public void pause() {
        Heddle.sleep(Duration.ofMillis(1));
    }
}
