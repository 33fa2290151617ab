import './styles/document.css';
import './app/app.js';
