package dev.heddle.http.attack;

import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.startup.Tomcat;

/** Tomcat in a process of its own: it tells what it saw of each request. */
final class EchoTomcat {

    private EchoTomcat() {}

    static void main(String... arguments) throws LifecycleException {
        var tomcat = new Tomcat();
        tomcat.setBaseDir(arguments[1]);
        tomcat.setHostname("127.0.0.1");
        tomcat.setPort(Integer.parseInt(arguments[0]));
        var context = tomcat.addContext("", null);
        Tomcat.addServlet(context, "echo", new Echo());
        context.addServletMappingDecoded("/", "echo");
        tomcat.getConnector().setProperty("address", "127.0.0.1");
        tomcat.start();
        tomcat.getServer().await();
    }

    /** Answers every method alike. */
    private static final class Echo extends HttpServlet {

        private static final long serialVersionUID = 1;

        @Override
        protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
            int length = request.getInputStream().readAllBytes().length;
            String query = request.getQueryString() == null ? "" : "?" + request.getQueryString();
            response.setHeader("X-Seen", request.getMethod() + " " + request.getRequestURI() + query + " " + length);
            response.setContentType("text/plain");
            response.getOutputStream().write(new byte[]{'o', 'k'});
        }
    }
}
