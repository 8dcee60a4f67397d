package dev.heddle.outside;

import dev.heddle.engine.Acceptor;
import dev.heddle.engine.Engine;
import dev.heddle.engine.ListenOptions;
import dev.heddle.engine.NioEngine;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** An engine from outside: the portable one behind a proxy that has one fault or none. */
final class OutsideEngine implements InvocationHandler {

    /** What its writer has got wrong. */
    enum Fault {
        NONE,
        NEVER_SLEEPS,
        LOSES_WAKES,
        SLEEPS_PAST_TIMERS,
        LOSES_THE_FIRST_CONNECTION,
        STOPPED_LISTENER_STAYS,
        SECOND_LISTENER_OF_A_PORT_GETS_ANOTHER,
        REFUSED_CONNECT_NAMES_NO_REASON,
        CLOCK_STANDS_STILL,
        CLOSE_FREES_NOTHING,
        WAKES_COME_AGAIN,
        CLOCK_GOES_BACK,
        CALENDAR_IS_A_DAY_AHEAD,
        RANDOM_NUMBERS_REPEAT,
        NAME_IS_A_TITLE,
        UNKNOWN_NAMES_ARE_LOOPBACK,
        PORT_OF_A_LISTENER_IS_NOT_TOLD,
        PORT_IS_NEVER_SHARED
    }

    private final Object under;
    private final Fault fault;
    private final AtomicInteger wakes = new AtomicInteger();
    private boolean lost;
    private boolean back;

    private OutsideEngine(Object under, Fault fault) {
        this.under = under;
        this.fault = fault;
    }

    static Engine with(Fault fault) {
        return (Engine) proxy(new NioEngine(), fault);
    }

    private static Object proxy(Object under, Fault fault) {
        Set<Class<?>> faces = new LinkedHashSet<>();
        for (Class<?> each = under.getClass(); each != null; each = each.getSuperclass()) {
            faces.addAll(Set.of(each.getInterfaces()));
        }
        return Proxy.newProxyInstance(
                Engine.class.getClassLoader(), faces.toArray(Class<?>[]::new), new OutsideEngine(under, fault));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        return under instanceof Acceptor acceptor
                ? callListener(acceptor, method, arguments)
                : callEngine(method, arguments);
    }

    private Object callEngine(Method method, Object[] arguments) throws Throwable {
        return switch (method.getName()) {
            case "poll" -> poll(method, arguments);
            case "wake" -> wake(method, arguments);
            case "nanoTime" -> nanoTime((long) call(method, arguments));
            case "now" -> ((Instant) call(method, arguments))
                    .plus(Duration.ofDays(fault == Fault.CALENDAR_IS_A_DAY_AHEAD ? 1 : 0));
            case "random" -> fault == Fault.RANDOM_NUMBERS_REPEAT ? 4L : call(method, arguments);
            case "name" -> fault == Fault.NAME_IS_A_TITLE ? "Outside Engine" : call(method, arguments);
            case "close" -> fault == Fault.CLOSE_FREES_NOTHING ? null : call(method, arguments);
            case "resolve" -> resolve(method, arguments);
            case "listen" -> proxy(listen(method, arguments), fault);
            case "connect" -> connect(method, arguments);
            default -> call(method, arguments);
        };
    }

    private Object poll(Method method, Object[] arguments) throws Throwable {
        boolean again = fault == Fault.WAKES_COME_AGAIN && wakes.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
        if (again || fault == Fault.NEVER_SLEEPS) {
            arguments[0] = 0L;
        } else if (fault == Fault.SLEEPS_PAST_TIMERS && (long) arguments[0] > 0) {
            arguments[0] = Long.MAX_VALUE;
        }
        return call(method, arguments);
    }

    private Object wake(Method method, Object[] arguments) throws Throwable {
        wakes.incrementAndGet();
        return fault == Fault.LOSES_WAKES ? null : call(method, arguments);
    }

    private long nanoTime(long now) {
        back = !back;
        return switch (fault) {
            case CLOCK_STANDS_STILL -> 1;
            case CLOCK_GOES_BACK -> back ? now - 1_000_000 : now;
            default -> now;
        };
    }

    private Object resolve(Method method, Object[] arguments) throws Throwable {
        try {
            return call(method, arguments);
        } catch (UnknownHostException e) {
            if (fault == Fault.UNKNOWN_NAMES_ARE_LOOPBACK) {
                return List.of(InetAddress.getLoopbackAddress());
            }
            throw e;
        }
    }

    private Object listen(Method method, Object[] arguments) throws Throwable {
        if (fault == Fault.PORT_IS_NEVER_SHARED) {
            arguments[1] = ((ListenOptions) arguments[1]).withReusePort(false);
        }
        try {
            return call(method, arguments);
        } catch (BindException e) {
            if (fault == Fault.SECOND_LISTENER_OF_A_PORT_GETS_ANOTHER) {
                arguments[0] = new InetSocketAddress(((InetSocketAddress) arguments[0]).getAddress(), 0);
                return call(method, arguments);
            }
            throw e;
        }
    }

    private Object connect(Method method, Object[] arguments) throws Throwable {
        try {
            return call(method, arguments);
        } catch (ConnectException e) {
            throw fault == Fault.REFUSED_CONNECT_NAMES_NO_REASON ? new IllegalStateException("no connection") : e;
        }
    }

    private Object callListener(Acceptor acceptor, Method method, Object[] arguments) throws Throwable {
        if (fault == Fault.LOSES_THE_FIRST_CONNECTION && method.getName().equals("accept") && !lost) {
            lost = true;
            acceptor.accept().close();
        }
        if (fault == Fault.PORT_OF_A_LISTENER_IS_NOT_TOLD && method.getName().equals("localAddress")) {
            return new InetSocketAddress(((InetSocketAddress) acceptor.localAddress()).getAddress(), 0);
        }
        boolean stays = fault == Fault.STOPPED_LISTENER_STAYS && method.getName().equals("close");
        return stays ? null : call(method, arguments);
    }

    private Object call(Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(under, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
