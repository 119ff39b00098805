// The renderer's first file: connects and puts the application on the page. Renderer.
import { mount } from 'svelte';
import App from './App.svelte';
import { connect } from './client/connect.ts';
import './styles/tokens.css';
import './styles/base.css';

const target = document.getElementById('app');
if (target) mount(App, { target, props: { line: connect() } });
